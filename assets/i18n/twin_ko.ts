<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en">
<context>
    <name>CapacityDialog</name>
    <message>
        <source>Boxes</source>
        <translation>대수</translation>
    </message>
    <message>
        <source>Ended by</source>
        <translation>제한 요인</translation>
    </message>
    <message>
        <source>Find room for boxes</source>
        <translation>장비를 넣을 자리 찾기</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>수용</translation>
    </message>
    <message>
        <source>Inlet at most</source>
        <translation>흡기 상한</translation>
    </message>
    <message>
        <source>Inlet then</source>
        <translation>수용 후 흡기</translation>
    </message>
    <message>
        <source>No rack takes all {wanted}; {n} fit in {racks} racks, each judged alone.</source>
        <translation>{wanted}대를 모두 수용하는 랙은 없습니다. 랙 {racks}대에 {n}대를 나누어 넣을 수 있습니다(랙마다 따로 판정).</translation>
    </message>
    <message>
        <source>No rack takes one.</source>
        <translation>한 대라도 수용하는 랙이 없습니다.</translation>
    </message>
    <message>
        <source>Ports free</source>
        <translation>남은 포트</translation>
    </message>
    <message>
        <source>Power each</source>
        <translation>대당 전력</translation>
    </message>
    <message>
        <source>Power free</source>
        <translation>남은 전력</translation>
    </message>
    <message>
        <source>Rack</source>
        <translation>랙</translation>
    </message>
    <message>
        <source>Racks, the best first</source>
        <translation>적합한 순서의 랙 목록</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>찾는 중</translation>
    </message>
    <message>
        <source>Switch ports each</source>
        <translation>대당 스위치 포트</translation>
    </message>
    <message>
        <source>The air of this room has no answer: inlets are not judged.</source>
        <translation>이 전산실의 기류는 계산되지 않아 흡기 온도는 판정하지 않았습니다.</translation>
    </message>
    <message>
        <source>Units each</source>
        <translation>대당 유닛(U)</translation>
    </message>
    <message>
        <source>Units free</source>
        <translation>남은 유닛</translation>
    </message>
    <message>
        <source>Weight each</source>
        <translation>대당 무게</translation>
    </message>
    <message>
        <source>Weight free</source>
        <translation>남은 하중</translation>
    </message>
    <message>
        <source>inlet temperature</source>
        <translation>흡기 온도</translation>
    </message>
    <message>
        <source>no limit drawn</source>
        <translation>제한 없음</translation>
    </message>
    <message>
        <source>power budget</source>
        <translation>전력 할당</translation>
    </message>
    <message>
        <source>rack units</source>
        <translation>랙 유닛</translation>
    </message>
    <message>
        <source>switch ports</source>
        <translation>스위치 포트</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>무게</translation>
    </message>
    <message>
        <source>{n} racks take all {wanted}.</source>
        <translation>랙 {n}대가 {wanted}대를 모두 수용합니다.</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>Open {name}</source>
        <translation>{name} 열기</translation>
    </message>
    <message>
        <source>{count} racks</source>
        <translation>랙 {count}대</translation>
    </message>
</context>
<context>
    <name>ChartGrid</name>
    <message>
        <source>Charts</source>
        <translation>그래프</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>All commands</source>
        <translation>모든 명령</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>명령 검색</translation>
    </message>
</context>
<context>
    <name>DevicePalette</name>
    <message>
        <source>Devices</source>
        <translation>장비</translation>
    </message>
    <message>
        <source>Drag an entry onto the plan, or press Enter and click where it goes.</source>
        <translation>항목을 평면으로 끌어 놓거나, Enter를 누른 뒤 놓을 자리를 클릭합니다.</translation>
    </message>
    <message>
        <source>Search devices</source>
        <translation>장비 검색</translation>
    </message>
    <message>
        <source>Search {n} devices</source>
        <translation>장비 {n}종 검색</translation>
    </message>
</context>
<context>
    <name>DiagramPage</name>
    <message>
        <source>A feed</source>
        <translation>급전 A</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Add {device}</source>
        <translation>{device} 추가</translation>
    </message>
    <message>
        <source>B feed</source>
        <translation>급전 B</translation>
    </message>
    <message>
        <source>Cooling, loops</source>
        <translation>냉각 계통도</translation>
    </message>
    <message>
        <source>Cut {target} from {source}</source>
        <translation>{source}에서 {target} 분리</translation>
    </message>
    <message>
        <source>Join {target} to {source}</source>
        <translation>{source}에 {target} 연결</translation>
    </message>
    <message>
        <source>No loops yet. Add a loop, then what cools it.</source>
        <translation>아직 계통이 없습니다. 계통을 추가한 뒤 냉각 설비를 추가하세요.</translation>
    </message>
    <message>
        <source>No power path yet. Add a utility supply, then what hangs on it.</source>
        <translation>아직 전원 계통이 없습니다. 상용전원을 추가한 뒤 그 하위 설비를 추가하세요.</translation>
    </message>
    <message>
        <source>Power, one-line</source>
        <translation>전력 단선도</translation>
    </message>
    <message>
        <source>Show all of it (F)</source>
        <translation>전체 보기 (F)</translation>
    </message>
    <message>
        <source>at largest draw</source>
        <translation>최대 소비전력 기준</translation>
    </message>
    <message>
        <source>at largest heat</source>
        <translation>최대 발열 기준</translation>
    </message>
    <message>
        <source>return</source>
        <translation>환수</translation>
    </message>
    <message>
        <source>supply</source>
        <translation>공급</translation>
    </message>
    <message>
        <source>unfed</source>
        <translation>무급전</translation>
    </message>
    <message>
        <source>{n} over their limit</source>
        <translation>{n}개 한계 초과</translation>
    </message>
    <message>
        <source>{n} unfed</source>
        <translation>{n}개 무급전</translation>
    </message>
</context>
<context>
    <name>DifferenceList</name>
    <message>
        <source>Before</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>현재</translation>
    </message>
    <message>
        <source>Thing</source>
        <translation>대상</translation>
    </message>
</context>
<context>
    <name>DifferencesPanel</name>
    <message>
        <source>Another layout…</source>
        <translation>다른 배치…</translation>
    </message>
    <message>
        <source>Compare this drawing with its file, or with another layout.</source>
        <translation>이 도면을 저장된 파일이나 다른 배치와 비교합니다.</translation>
    </message>
    <message>
        <source>Compared with {name}</source>
        <translation>{name} 기준 비교</translation>
    </message>
    <message>
        <source>End the comparison</source>
        <translation>비교 종료</translation>
    </message>
    <message>
        <source>No difference.</source>
        <translation>차이가 없습니다.</translation>
    </message>
    <message>
        <source>The saved file</source>
        <translation>저장된 파일</translation>
    </message>
</context>
<context>
    <name>DockTitle</name>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Float or dock</source>
        <translation>분리 또는 고정</translation>
    </message>
</context>
<context>
    <name>ElementForm</name>
    <message>
        <source>Change {field} of {what}</source>
        <translation>{what} {field} 변경</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>as its sheet</source>
        <translation>데이터시트 값</translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished">없음</translation>
    </message>
</context>
<context>
    <name>EventList</name>
    <message>
        <source>Events</source>
        <translation>이벤트</translation>
    </message>
    <message>
        <source>Nothing has happened yet.</source>
        <translation>아직 이벤트가 없습니다.</translation>
    </message>
</context>
<context>
    <name>EventsPanel</name>
    <message>
        <source>Fail {name}</source>
        <translation>{name} 고장</translation>
    </message>
    <message>
        <source>Repair {name}</source>
        <translation>{name} 복구</translation>
    </message>
    <message>
        <source>Select a rack, cooler or feed on the plan first</source>
        <translation>평면에서 랙, 냉각 장비 또는 급전을 먼저 선택합니다</translation>
    </message>
</context>
<context>
    <name>FindingsModel</name>
    <message>
        <source>Finding</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>규칙</translation>
    </message>
    <message>
        <source>Way out</source>
        <translation>조치</translation>
    </message>
</context>
<context>
    <name>FindingsPanel</name>
    <message>
        <source>1 note</source>
        <translation>참고 1</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>경고 1</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>점검 결과</translation>
    </message>
    <message>
        <source>No findings. The drawing passes every check.</source>
        <translation>점검 결과 없음. 도면이 모든 점검을 통과했습니다.</translation>
    </message>
    <message>
        <source>{n} critical</source>
        <translation>심각 {n}</translation>
    </message>
    <message>
        <source>{n} notes</source>
        <translation>참고 {n}</translation>
    </message>
    <message>
        <source>{n} warnings</source>
        <translation>경고 {n}</translation>
    </message>
</context>
<context>
    <name>Guard</name>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>비교 대상</translation>
    </message>
    <message>
        <source>Discard it</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>Discard the unsaved {name}?</source>
        <translation>저장되지 않은 도면 {name}: 버리시겠습니까?</translation>
    </message>
    <message>
        <source>It has no file; what is discarded cannot be brought back.</source>
        <translation>파일이 없는 도면이라, 버리면 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Keep drawing</source>
        <translation>계속 편집</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>유지</translation>
    </message>
    <message>
        <source>Layouts (*.json)</source>
        <translation>배치 (*.json)</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>열지 않기</translation>
    </message>
    <message>
        <source>Open a copy</source>
        <translation>사본 열기</translation>
    </message>
    <message>
        <source>Open another…</source>
        <translation>다른 파일 열기…</translation>
    </message>
    <message>
        <source>Open anyway</source>
        <translation>그래도 열기</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>다른 이름으로 저장…</translation>
    </message>
    <message>
        <source>Save over it</source>
        <translation>덮어쓰기</translation>
    </message>
    <message>
        <source>Saving would take its changes away.</source>
        <translation>저장하면 그 변경 내용이 사라집니다.</translation>
    </message>
    <message>
        <source>Show differences</source>
        <translation>차이 보기</translation>
    </message>
    <message>
        <source>The drawing was not saved</source>
        <translation>도면을 저장하지 못함</translation>
    </message>
    <message>
        <source>The file was not opened</source>
        <translation>파일을 열지 못함</translation>
    </message>
    <message>
        <source>There is no unsaved work</source>
        <translation>저장되지 않은 작업 없음</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Unsaved drawings of programs that ended without closing are offered here.</source>
        <translation>정상 종료되지 않은 프로그램의 저장되지 않은 도면이 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>Whether that program still runs cannot be seen from here.</source>
        <translation>그 프로그램이 아직 실행 중인지는 여기서 확인할 수 없습니다.</translation>
    </message>
    <message>
        <source>Your drawing is as it was.</source>
        <translation>도면은 그대로입니다.</translation>
    </message>
    <message>
        <source>Your drawing is kept here, and unsaved. The file is as it was.</source>
        <translation>도면은 저장되지 않은 상태로 여기에 유지됩니다. 파일은 그대로입니다.</translation>
    </message>
    <message>
        <source>the drawing as it was opened</source>
        <translation>열었을 때의 도면</translation>
    </message>
    <message>
        <source>{name} is open elsewhere</source>
        <translation>{name}: 다른 곳에서 열려 있음</translation>
    </message>
    <message>
        <source>{name} was changed by something else</source>
        <translation>{name}: 다른 프로그램이 변경함</translation>
    </message>
    <message>
        <source>{user} has had it open on {host} since {when} (process {pid}) and would save over yours.</source>
        <translation>{user} 사용자가 {host}에서 {when}부터 열어 두었고(프로세스 {pid}), 그쪽 저장이 이 도면을 덮어쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>{user} has had it open on {host} since {when} (process {pid}). What both save, the last one keeps.</source>
        <translation>{user} 사용자가 {host}에서 {when}부터 열어 두었습니다(프로세스 {pid}). 양쪽에서 저장하면 나중에 저장한 내용만 남습니다.</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Loops</source>
        <translation>냉각 계통</translation>
    </message>
    <message>
        <source>One-line</source>
        <translation>단선도</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>평면</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>운전</translation>
    </message>
    <message>
        <source>Search commands   Ctrl+K</source>
        <translation>명령 검색   Ctrl+K</translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
</context>
<context>
    <name>HeatControl</name>
    <message>
        <source> (and {n} more)</source>
        <translation> (외 {n}건)</translation>
    </message>
    <message>
        <source>Air</source>
        <translation>공기</translation>
    </message>
    <message>
        <source>Preparing the air model; the first time this takes a minute</source>
        <translation>기류 모델 준비 중, 처음에는 1분쯤 걸립니다</translation>
    </message>
    <message>
        <source>The air model stopped (exit {status}); switch it off and on</source>
        <translation>기류 모델이 멈췄습니다(종료 {status}). 껐다가 다시 켜십시오</translation>
    </message>
    <message>
        <source>Working out the air</source>
        <translation>기류 계산 중</translation>
    </message>
    <message>
        <source>settling {part} %</source>
        <translation>정착 계산 {part} %</translation>
    </message>
</context>
<context>
    <name>HeatStrip</name>
    <message>
        <source>Airflow</source>
        <translation>기류</translation>
    </message>
    <message>
        <source>Height of the cut through the air</source>
        <translation>공기 단면의 높이</translation>
    </message>
    <message>
        <source>Lower</source>
        <translation>하부</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>중부</translation>
    </message>
    <message>
        <source>Upper third</source>
        <translation>상부</translation>
    </message>
    <message>
        <source>hatched: weak on {n} racks</source>
        <translation>빗금: 랙 {n}대에서 신뢰도 낮음</translation>
    </message>
    <message>
        <source>{height} m above the floor</source>
        <translation>바닥 위 {height} m</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>As it was opened</source>
        <translation>열었을 때 상태</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>속성</translation>
    </message>
    <message>
        <source>all of row {name}</source>
        <translation>{name}열 전체</translation>
    </message>
    <message>
        <source>u user  d data sheet  e estimate  s simulated</source>
        <translation>u 사용자  d 데이터시트  e 추정  s 모의</translation>
    </message>
</context>
<context>
    <name>JoinsForm</name>
    <message>
        <source>Feed A</source>
        <translation>급전 A</translation>
    </message>
    <message>
        <source>Feed B</source>
        <translation>급전 B</translation>
    </message>
    <message>
        <source>Joined to</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>계통</translation>
    </message>
    <message>
        <source>The drawing has none to choose from yet</source>
        <translation>도면에 고를 수 있는 항목이 아직 없습니다</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>various</source>
        <translation>여러 값</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Recovered drawing</source>
        <translation>복구한 도면</translation>
    </message>
</context>
<context>
    <name>LineKey</name>
    <message>
        <source>Isolines: {lines}</source>
        <translation>등온선: {lines}</translation>
    </message>
</context>
<context>
    <name>LivePlanView</name>
    <message>
        <source>Live plan</source>
        <translation>실시간 평면</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>About K-Cloud Twin</source>
        <translation>K-Cloud Twin 정보</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>장비</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>이벤트</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>점검 결과</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>속성</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>평면</translation>
    </message>
    <message>
        <source>Power path</source>
        <translation>전력 흐름</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>운전</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Scenario: {name}, seed {seed}</source>
        <translation>시나리오: {name}, 시드 {seed}</translation>
    </message>
    <message>
        <source>Show log</source>
        <translation>로그 보기</translation>
    </message>
    <message>
        <source>That was not done.</source>
        <translation>실행하지 못했습니다.</translation>
    </message>
    <message>
        <source>The engine has written nothing.</source>
        <translation>엔진이 남긴 기록이 없습니다.</translation>
    </message>
    <message>
        <source>The engine stopped (exit {status}). Your drawing is safe.</source>
        <translation>엔진이 멈췄습니다(종료 코드 {status}). 도면은 안전합니다.</translation>
    </message>
    <message>
        <source>The engine&apos;s log</source>
        <translation>엔진 로그</translation>
    </message>
    <message>
        <source>The run was not started.</source>
        <translation>운전을 시작하지 못했습니다.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Unsaved edits are not kept for a crash at the moment.</source>
        <translation>지금은 저장 전 편집이 비상용으로 보관되지 않습니다.</translation>
    </message>
    <message>
        <source>open a scenario file (.yaml) that names this layout</source>
        <translation>이 배치를 지정한 시나리오 파일(.yaml)을 여십시오</translation>
    </message>
    <message>
        <source>{name} has no scenario to run</source>
        <translation>{name}: 운전할 시나리오 없음</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Discard changes</source>
        <translation>변경 버리기</translation>
    </message>
    <message>
        <source>Keep drawing</source>
        <translation>계속 편집</translation>
    </message>
    <message>
        <source>Layouts (*.layout.json)</source>
        <translation>배치 (*.layout.json)</translation>
    </message>
    <message>
        <source>Layouts and scenarios (*.json *.yaml *.yml)</source>
        <translation>배치와 시나리오 (*.json *.yaml *.yml)</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>다른 이름으로 저장</translation>
    </message>
    <message>
        <source>Save them, or leave them behind.</source>
        <translation>저장하거나 버릴 수 있습니다.</translation>
    </message>
    <message>
        <source>{name} has unsaved changes.</source>
        <translation>{name}: 저장되지 않은 변경이 있습니다.</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Throughput over the run; drag to choose what the charts show</source>
        <translation>운전 전체의 처리량; 끌어서 그래프에 보일 구간 선택</translation>
    </message>
    <message>
        <source>Throughput, whole run</source>
        <translation>처리량, 전체 운전</translation>
    </message>
    <message>
        <source>Whole run</source>
        <translation>전체 운전</translation>
    </message>
</context>
<context>
    <name>PlaceForm</name>
    <message>
        <source>Angle</source>
        <translation>각도</translation>
    </message>
    <message>
        <source>Clockwise as seen on the plan; at 0° the front looks up</source>
        <translation>평면 기준 시계 방향; 0°이면 전면이 위쪽</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>x</source>
        <translation>x</translation>
    </message>
    <message>
        <source>y</source>
        <translation>y</translation>
    </message>
</context>
<context>
    <name>PlanView</name>
    <message>
        <source>Drawing of the room. Tab walks through what stands in it, arrows move the selection.</source>
        <translation>전산실 도면. Tab으로 배치된 대상을 차례로 고르고 화살표로 선택 대상을 옮깁니다.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>평면</translation>
    </message>
</context>
<context>
    <name>PlanWithMarks</name>
    <message>
        <source>Picture of the recovered drawing</source>
        <translation>복구한 도면의 그림</translation>
    </message>
</context>
<context>
    <name>PowerPath</name>
    <message>
        <source>Power path</source>
        <translation>전력 흐름</translation>
    </message>
    <message>
        <source>Run to see where the power goes.</source>
        <translation>운전하면 전력 흐름이 표시됩니다.</translation>
    </message>
    <message>
        <source>Utility {power}, mean of {seconds} s</source>
        <translation>수전 {power}, {seconds} s 평균</translation>
    </message>
</context>
<context>
    <name>RackHeader</name>
    <message>
        <source>Whole hall</source>
        <translation>전산실 전체</translation>
    </message>
</context>
<context>
    <name>RecoverDialog</name>
    <message>
        <source>1 edit after the last save</source>
        <translation>마지막 저장 이후 편집 1건</translation>
    </message>
    <message>
        <source>1 edit, never saved</source>
        <translation>편집 1건, 저장된 적 없음</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>나중에 결정</translation>
    </message>
    <message>
        <source>Differences from the saved file</source>
        <translation>저장된 파일과의 차이</translation>
    </message>
    <message>
        <source>Differences from the start</source>
        <translation>처음 상태와의 차이</translation>
    </message>
    <message>
        <source>Discard it</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>Drawings with unsaved work</source>
        <translation>저장되지 않은 작업이 있는 도면</translation>
    </message>
    <message>
        <source>Edits after the last save, newest first</source>
        <translation>마지막 저장 이후 편집, 최신순</translation>
    </message>
    <message>
        <source>Edits, newest first</source>
        <translation>편집, 최신순</translation>
    </message>
    <message>
        <source>No file yet</source>
        <translation>파일 없음</translation>
    </message>
    <message>
        <source>Open the saved file</source>
        <translation>저장된 파일 열기</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>복구</translation>
    </message>
    <message>
        <source>Saved by itself</source>
        <translation>자동 저장됨</translation>
    </message>
    <message>
        <source>Show differences</source>
        <translation>차이 보기</translation>
    </message>
    <message>
        <source>Show edits</source>
        <translation>편집 보기</translation>
    </message>
    <message>
        <source>The last one {when}</source>
        <translation>마지막 편집 {when}</translation>
    </message>
    <message>
        <source>{n} edits after the last save</source>
        <translation>마지막 저장 이후 편집 {n}건</translation>
    </message>
    <message>
        <source>{n} edits, never saved</source>
        <translation>편집 {n}건, 저장된 적 없음</translation>
    </message>
</context>
<context>
    <name>Refusal</name>
    <message>
        <source>Mistakes</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>외 {n}건</translation>
    </message>
</context>
<context>
    <name>RunPlan</name>
    <message>
        <source>Colour of the plan</source>
        <translation>평면 색상 기준</translation>
    </message>
    <message>
        <source>Inlet</source>
        <translation>흡기</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>부하율</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>전력</translation>
    </message>
    <message>
        <source>most: {name} {value}</source>
        <translation>최고: {name} {value}</translation>
    </message>
</context>
<context>
    <name>RunView</name>
    <message>
        <source>Rack {name}</source>
        <translation>랙 {name}</translation>
    </message>
    <message>
        <source>inlet {value}</source>
        <translation>흡기 {value}</translation>
    </message>
</context>
<context>
    <name>ScaleLegend</name>
    <message>
        <source>A1 allowable</source>
        <translation>A1 허용</translation>
    </message>
    <message>
        <source>from {value}</source>
        <translation>최저 {value}</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>권장</translation>
    </message>
    <message>
        <source>to {value}</source>
        <translation>최고 {value}</translation>
    </message>
</context>
<context>
    <name>SetPoints</name>
    <message>
        <source>Fan speed</source>
        <translation>팬 속도</translation>
    </message>
    <message>
        <source>Set points of {name}</source>
        <translation>{name} 설정값</translation>
    </message>
    <message>
        <source>Supply air</source>
        <translation>급기</translation>
    </message>
</context>
<context>
    <name>SourceMark</name>
    <message>
        <source>an estimate</source>
        <translation>추정값</translation>
    </message>
    <message>
        <source>entered by the user</source>
        <translation>사용자 입력값</translation>
    </message>
    <message>
        <source>from the data sheet</source>
        <translation>데이터시트 값</translation>
    </message>
    <message>
        <source>simulated</source>
        <translation>모의 결과</translation>
    </message>
</context>
<context>
    <name>SpeedControl</name>
    <message>
        <source>Reached</source>
        <translation>실제 속도</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>속도</translation>
    </message>
    <message>
        <source>max</source>
        <translation>최대</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>1 Draw</source>
        <translation>1 그리기</translation>
    </message>
    <message>
        <source>2 Look</source>
        <translation>2 점검</translation>
    </message>
    <message>
        <source>3 Run</source>
        <translation>3 운전</translation>
    </message>
    <message>
        <source>A drawing was not saved before the program ended.</source>
        <translation>도면이 저장되기 전에 프로그램이 끝났습니다.</translation>
    </message>
    <message>
        <source>AI data centre, drawn and run</source>
        <translation>AI 데이터센터 설계와 운전</translation>
    </message>
    <message>
        <source>All commands    Ctrl+K</source>
        <translation>모든 명령    Ctrl+K</translation>
    </message>
    <message>
        <source>Drag a rack from Devices onto the floor and move it where it fits.</source>
        <translation>장비에서 랙을 바닥으로 끌어 놓고 맞는 자리로 옮깁니다.</translation>
    </message>
    <message>
        <source>Each opens as a copy and runs as it is. Change anything, undo anything.</source>
        <translation>사본으로 열리며 그대로 운전할 수 있습니다. 무엇이든 바꾸고 되돌릴 수 있습니다.</translation>
    </message>
    <message>
        <source>Findings follow your hand: space, power, cooling and network.</source>
        <translation>공간, 전력, 냉각, 네트워크 점검 결과가 편집과 함께 갱신됩니다.</translation>
    </message>
    <message>
        <source>Four walls and a floor, 12 by 9 m, to draw in.</source>
        <translation>12 × 9 m의 벽과 바닥만 있는 전산실입니다.</translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>New empty hall</source>
        <translation>새 빈 전산실</translation>
    </message>
    <message>
        <source>Nothing opened yet.</source>
        <translation>아직 연 파일이 없습니다.</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>열기…</translation>
    </message>
    <message>
        <source>Press Space. Watch tokens, watts and degrees move together.</source>
        <translation>Space를 누르면 토큰, 전력, 온도가 함께 움직입니다.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>최근 파일</translation>
    </message>
    <message>
        <source>Start from a template</source>
        <translation>템플릿으로 시작</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>템플릿</translation>
    </message>
    <message>
        <source>Unsaved work found</source>
        <translation>저장되지 않은 작업 발견</translation>
    </message>
    <message>
        <source>{n} drawings were not saved before the program ended.</source>
        <translation>도면 {n}건이 저장되기 전에 프로그램이 끝났습니다.</translation>
    </message>
</context>
<context>
    <name>TileStrip</name>
    <message>
        <source>Key numbers</source>
        <translation>주요 수치</translation>
    </message>
</context>
<context>
    <name>TimeChart</name>
    <message>
        <source>Drag to pan, Ctrl and wheel to zoom, double click to follow the run again</source>
        <translation>끌어서 이동, Ctrl과 휠로 확대, 두 번 클릭하면 다시 운전을 따라감</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation>아직 값이 없습니다</translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>Back to live</source>
        <translation>실시간으로</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>운전</translation>
    </message>
    <message>
        <source>of {clock}, day {day}</source>
        <translation>/ {clock}, {day}일차</translation>
    </message>
</context>
<context>
    <name>WhyPart</name>
    <message>
        <source>ASHRAE range</source>
        <translation>ASHRAE 범위</translation>
    </message>
    <message>
        <source>Air</source>
        <translation>공기</translation>
    </message>
    <message>
        <source>Air through it</source>
        <translation>통과 풍량</translation>
    </message>
    <message>
        <source>Exhaust</source>
        <translation>배기</translation>
    </message>
    <message>
        <source>Highest supply</source>
        <translation>최고 급기 온도</translation>
    </message>
    <message>
        <source>Inlet air comes from</source>
        <translation>흡기 공기의 출처</translation>
    </message>
    <message>
        <source>Inlet, mean</source>
        <translation>흡기, 평균</translation>
    </message>
    <message>
        <source>More heat</source>
        <translation>추가 가능 발열</translation>
    </message>
    <message>
        <source>The instant model is weak on this rack; wait for the settled picture.</source>
        <translation>즉시 모델은 이 랙에서 신뢰도가 낮습니다. 정착 모델의 결과를 기다리십시오.</translation>
    </message>
    <message>
        <source>Thirds, from below</source>
        <translation>하·중·상부</translation>
    </message>
</context>
<context>
    <name>about</name>
    <message>
        <source>A digital twin of AI data centres. Apache-2.0.</source>
        <translation>AI 데이터센터 디지털 트윈. Apache-2.0.</translation>
    </message>
    <message>
        <source>K-Cloud Twin {version}</source>
        <translation>K-Cloud Twin {version}</translation>
    </message>
    <message>
        <source>{count} devices in the catalogue.</source>
        <translation>카탈로그 장비 {count}종.</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;Edit</source>
        <translation>편집(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>파일(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>도움말(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>운전(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>보기(&amp;V)</translation>
    </message>
    <message>
        <source>About K-Cloud Twin</source>
        <translation>K-Cloud Twin 정보</translation>
    </message>
    <message>
        <source>Airflow on the plan</source>
        <translation>평면에 기류 표시</translation>
    </message>
    <message>
        <source>All commands</source>
        <translation>모든 명령</translation>
    </message>
    <message>
        <source>All edits…</source>
        <translation>모든 편집…</translation>
    </message>
    <message>
        <source>Compare with another layout…</source>
        <translation>다른 배치와 비교…</translation>
    </message>
    <message>
        <source>Compare with the saved file</source>
        <translation>저장된 파일과 비교</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>어두운 테마</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Devices panel</source>
        <translation>장비 패널</translation>
    </message>
    <message>
        <source>Differences panel</source>
        <translation>차이 패널</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Events panel</source>
        <translation>이벤트 패널</translation>
    </message>
    <message>
        <source>Fail what is selected</source>
        <translation>선택 대상 고장</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>빠르게</translation>
    </message>
    <message>
        <source>Find a device</source>
        <translation>장비 찾기</translation>
    </message>
    <message>
        <source>Find room for boxes…</source>
        <translation>장비를 넣을 자리 찾기…</translation>
    </message>
    <message>
        <source>Findings panel</source>
        <translation>점검 결과 패널</translation>
    </message>
    <message>
        <source>Follow the run</source>
        <translation>운전 따라가기</translation>
    </message>
    <message>
        <source>Go to the next panel</source>
        <translation>다음 패널로 이동</translation>
    </message>
    <message>
        <source>High contrast theme</source>
        <translation>고대비 테마</translation>
    </message>
    <message>
        <source>Inspector panel</source>
        <translation>속성 패널</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>밝은 테마</translation>
    </message>
    <message>
        <source>Live plan panel</source>
        <translation>실시간 평면 패널</translation>
    </message>
    <message>
        <source>Loops view (cooling)</source>
        <translation>냉각 계통도 보기</translation>
    </message>
    <message>
        <source>Mend the chosen finding</source>
        <translation>선택한 점검 결과 조치</translation>
    </message>
    <message>
        <source>New empty hall</source>
        <translation>새 빈 전산실</translation>
    </message>
    <message>
        <source>One step</source>
        <translation>한 단계</translation>
    </message>
    <message>
        <source>One-line view (power)</source>
        <translation>전력 단선도 보기</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>열기…</translation>
    </message>
    <message>
        <source>Plan view</source>
        <translation>평면 보기</translation>
    </message>
    <message>
        <source>Power path panel</source>
        <translation>전력 흐름 패널</translation>
    </message>
    <message>
        <source>Put all panels back</source>
        <translation>모든 패널 원위치</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>Recover unsaved work…</source>
        <translation>저장되지 않은 작업 복구…</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Repair what is selected</source>
        <translation>선택 대상 복구</translation>
    </message>
    <message>
        <source>Rotate by 90°</source>
        <translation>90° 회전</translation>
    </message>
    <message>
        <source>Run from the beginning</source>
        <translation>처음부터 운전</translation>
    </message>
    <message>
        <source>Run or pause</source>
        <translation>운전 또는 일시 정지</translation>
    </message>
    <message>
        <source>Run view</source>
        <translation>운전 보기</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>다른 이름으로 저장…</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>모두 선택</translation>
    </message>
    <message>
        <source>Show the engine&apos;s log</source>
        <translation>엔진 로그 보기</translation>
    </message>
    <message>
        <source>Show the whole hall</source>
        <translation>전산실 전체 보기</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>느리게</translation>
    </message>
    <message>
        <source>Templates and recent files</source>
        <translation>템플릿과 최근 파일</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Zoom to fit</source>
        <translation>전체 맞춤</translation>
    </message>
</context>
<context>
    <name>charts</name>
    <message>
        <source>A1 allowable</source>
        <translation>A1 허용</translation>
    </message>
    <message>
        <source>Air</source>
        <translation>공기</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Charts of the run</source>
        <translation>운전 그래프</translation>
    </message>
    <message>
        <source>Chips</source>
        <translation>칩</translation>
    </message>
    <message>
        <source>Cooling</source>
        <translation>냉각</translation>
    </message>
    <message>
        <source>Exhaust</source>
        <translation>배기</translation>
    </message>
    <message>
        <source>Hottest</source>
        <translation>최고</translation>
    </message>
    <message>
        <source>Inlet</source>
        <translation>흡기</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>전력</translation>
    </message>
    <message>
        <source>Power by element</source>
        <translation>요소별 전력</translation>
    </message>
    <message>
        <source>Rack</source>
        <translation>랙</translation>
    </message>
    <message>
        <source>Rack inlet</source>
        <translation>랙 흡기</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>요청</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>처리 중</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>처리량</translation>
    </message>
    <message>
        <source>Time per output token</source>
        <translation>토큰당 출력 시간</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>첫 토큰 지연시간</translation>
    </message>
    <message>
        <source>Utilisation</source>
        <translation>이용률</translation>
    </message>
    <message>
        <source>Utilisation by chip</source>
        <translation>칩별 이용률</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>대기</translation>
    </message>
    <message>
        <source>loosest target</source>
        <translation>가장 느슨한 목표</translation>
    </message>
    <message>
        <source>no chips</source>
        <translation>칩 없음</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>권장</translation>
    </message>
    <message>
        <source>strictest target</source>
        <translation>가장 엄격한 목표</translation>
    </message>
    <message>
        <source>target</source>
        <translation>목표</translation>
    </message>
</context>
<context>
    <name>diagrams</name>
    <message>
        <source>1 rack</source>
        <translation>랙 1대</translation>
    </message>
    <message>
        <source>Room air</source>
        <translation>실내 공기</translation>
    </message>
    <message>
        <source>Wire from {source} to {target}; Delete cuts it</source>
        <translation>{source}에서 {target}까지의 연결, Delete 키로 분리</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>고장</translation>
    </message>
    <message>
        <source>unfed</source>
        <translation>무급전</translation>
    </message>
    <message>
        <source>{n} elements; arrows walk the wires</source>
        <translation>요소 {n}개, 화살표 키로 연결을 따라 이동</translation>
    </message>
    <message>
        <source>{n} racks</source>
        <translation>랙 {n}대</translation>
    </message>
</context>
<context>
    <name>differences</name>
    <message>
        <source>added</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>column {id}</source>
        <translation>기둥 {id}</translation>
    </message>
    <message>
        <source>containment {id}</source>
        <translation>컨테인먼트 {id}</translation>
    </message>
    <message>
        <source>cooler {id}</source>
        <translation>냉각 장비 {id}</translation>
    </message>
    <message>
        <source>door {id}</source>
        <translation>문 {id}</translation>
    </message>
    <message>
        <source>fabric {id}</source>
        <translation>패브릭 {id}</translation>
    </message>
    <message>
        <source>loop {id}</source>
        <translation>계통 {id}</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>이동</translation>
    </message>
    <message>
        <source>no</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>plant {id}</source>
        <translation>열원 설비 {id}</translation>
    </message>
    <message>
        <source>power {id}</source>
        <translation>전원 설비 {id}</translation>
    </message>
    <message>
        <source>rack {id}</source>
        <translation>랙 {id}</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>row {id}</source>
        <translation>랙 열 {id}</translation>
    </message>
    <message>
        <source>the hall</source>
        <translation>전산실</translation>
    </message>
    <message>
        <source>tiles {id}</source>
        <translation>타공판 {id}</translation>
    </message>
    <message>
        <source>wall {id}</source>
        <translation>벽 {id}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>예</translation>
    </message>
    <message>
        <source>{n} {what}</source>
        <translation>{what} {n}</translation>
    </message>
</context>
<context>
    <name>events</name>
    <message>
        <source>fan speed {before:.0f} → {after:.0f} %</source>
        <translation>팬 속도 {before:.0f} → {after:.0f} %</translation>
    </message>
    <message>
        <source>supply air {before:.1f} → {after:.1f} °C</source>
        <translation>급기 {before:.1f} → {after:.1f} °C</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Accelerators</source>
        <translation>가속기</translation>
    </message>
    <message>
        <source>Air at full speed</source>
        <translation>최대 풍량</translation>
    </message>
    <message>
        <source>Air cooling, rated</source>
        <translation>공랭 정격 용량</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>면적</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>할당</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>구성</translation>
    </message>
    <message>
        <source>Coolers</source>
        <translation>냉각 장비</translation>
    </message>
    <message>
        <source>Cooling</source>
        <translation>냉각</translation>
    </message>
    <message>
        <source>Cooling, rated</source>
        <translation>정격 냉각 용량</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>비어 있음</translation>
    </message>
    <message>
        <source>Fan speed set</source>
        <translation>팬 속도 설정값</translation>
    </message>
    <message>
        <source>Fans at full speed</source>
        <translation>팬 최대 전력</translation>
    </message>
    <message>
        <source>Fed by</source>
        <translation>급전원</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>Largest draw</source>
        <translation>최대 소비전력</translation>
    </message>
    <message>
        <source>Name plate</source>
        <translation>명판</translation>
    </message>
    <message>
        <source>Pitch</source>
        <translation>배치 간격</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>전력</translation>
    </message>
    <message>
        <source>Rack {name}</source>
        <translation>랙 {name}</translation>
    </message>
    <message>
        <source>Racks</source>
        <translation>랙</translation>
    </message>
    <message>
        <source>Racks on it</source>
        <translation>연결 랙</translation>
    </message>
    <message>
        <source>Raised floor</source>
        <translation>이중마루</translation>
    </message>
    <message>
        <source>Rated</source>
        <translation>정격</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>전산실</translation>
    </message>
    <message>
        <source>Room left</source>
        <translation>수용량</translation>
    </message>
    <message>
        <source>Row {name}</source>
        <translation>{name}열</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>선택</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>서버</translation>
    </message>
    <message>
        <source>Serves</source>
        <translation>담당 계통</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>급전 측</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>공간</translation>
    </message>
    <message>
        <source>Supply air</source>
        <translation>급기</translation>
    </message>
    <message>
        <source>Their largest draw</source>
        <translation>연결 랙 최대 소비전력</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>무게</translation>
    </message>
    <message>
        <source>row {row}, place {n} of {count}</source>
        <translation>{row}열 {count}대 중 {n}번째</translation>
    </message>
    <message>
        <source>side</source>
        <translation>측면</translation>
    </message>
    <message>
        <source>{n} ports</source>
        <translation>포트 {n}개</translation>
    </message>
    <message>
        <source>{n} things</source>
        <translation>대상 {n}개</translation>
    </message>
    <message>
        <source>{power} fans</source>
        <translation>팬 {power}</translation>
    </message>
    <message>
        <source>{used} of {all}</source>
        <translation>{all} 중 {used}</translation>
    </message>
</context>
<context>
    <name>fields</name>
    <message>
        <source>Batteries</source>
        <translation>축전지 수</translation>
    </message>
    <message>
        <source>Battery</source>
        <translation>축전지</translation>
    </message>
    <message>
        <source>Battery temperature</source>
        <translation>축전지 온도</translation>
    </message>
    <message>
        <source>Breaker</source>
        <translation>차단기</translation>
    </message>
    <message>
        <source>Capacity left</source>
        <translation>잔존 용량</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장비</translation>
    </message>
    <message>
        <source>Economiser</source>
        <translation>이코노마이저</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation type="unfinished">계통</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>냉각 매체</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>운전 모드</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Parallel group</source>
        <translation>병렬 그룹</translation>
    </message>
    <message>
        <source>Pressure drop</source>
        <translation>압력 손실</translation>
    </message>
    <message>
        <source>Rating set</source>
        <translation>정격 설정</translation>
    </message>
    <message>
        <source>Rejects to</source>
        <translation>방열 계통</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>환수</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished">급전 측</translation>
    </message>
    <message>
        <source>Supply</source>
        <translation>공급</translation>
    </message>
    <message>
        <source>Time multiplier</source>
        <translation>시간 배율</translation>
    </message>
    <message>
        <source>Trip curve</source>
        <translation>트립 곡선</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>용적</translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished">없음</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>기본</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>critical</source>
        <translation>심각</translation>
    </message>
    <message>
        <source>note</source>
        <translation>참고</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>경고</translation>
    </message>
</context>
<context>
    <name>format</name>
    <message>
        <source>{clock}, day {day}</source>
        <translation>{clock}, {day}일차</translation>
    </message>
</context>
<context>
    <name>heat</name>
    <message>
        <source>Exhaust of {name}</source>
        <translation>{name} 배기</translation>
    </message>
    <message>
        <source>Floor tiles</source>
        <translation>타공판</translation>
    </message>
    <message>
        <source>Instant model</source>
        <translation>즉시 모델</translation>
    </message>
    <message>
        <source>Other sources</source>
        <translation>기타</translation>
    </message>
    <message>
        <source>Own exhaust</source>
        <translation>자체 배기</translation>
    </message>
    <message>
        <source>Settled model</source>
        <translation>정착 모델</translation>
    </message>
    <message>
        <source>Supply of {name}</source>
        <translation>{name} 급기</translation>
    </message>
    <message>
        <source>beyond A4</source>
        <translation>A4 초과</translation>
    </message>
    <message>
        <source>cells {size} m</source>
        <translation>격자 {size} m</translation>
    </message>
    <message>
        <source>error {error} K RMS against CFD</source>
        <translation>CFD 대비 오차 {error} K RMS</translation>
    </message>
    <message>
        <source>hottest inlet {value}</source>
        <translation>최고 흡기 {value}</translation>
    </message>
    <message>
        <source>no hottest rack is named</source>
        <translation>최고 온도 랙은 표시하지 않음</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>권장</translation>
    </message>
    <message>
        <source>residual {part}</source>
        <translation>잔차 {part}</translation>
    </message>
    <message>
        <source>{name} allowable</source>
        <translation>{name} 허용</translation>
    </message>
</context>
<context>
    <name>history</name>
    <message>
        <source>All edits</source>
        <translation>모든 편집</translation>
    </message>
    <message>
        <source>Choose how far to go back; nothing is lost until the next edit.</source>
        <translation>되돌릴 시점을 고릅니다. 다음 편집 전까지는 아무것도 사라지지 않습니다.</translation>
    </message>
</context>
<context>
    <name>joining</name>
    <message>
        <source> and </source>
        <translation>, </translation>
    </message>
    <message>
        <source>Feed from {nodes}</source>
        <translation>{nodes}에서 급전</translation>
    </message>
    <message>
        <source>Hang on {loop}</source>
        <translation>{loop} 계통에 연결</translation>
    </message>
</context>
<context>
    <name>language</name>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Install one, such as fonts-nanum or fonts-noto-cjk, and start again.</source>
        <translation>fonts-nanum 또는 fonts-noto-cjk 같은 글꼴을 설치하고 다시 시작하십시오.</translation>
    </message>
    <message>
        <source>No font here can write {language}</source>
        <translation>{language} 글꼴 없음</translation>
    </message>
    <message>
        <source>{language} from the next start on</source>
        <translation>다음 시작부터 {language}</translation>
    </message>
</context>
<context>
    <name>palette</name>
    <message>
        <source>Compute</source>
        <translation>연산</translation>
    </message>
    <message>
        <source>Cooling</source>
        <translation>냉각</translation>
    </message>
    <message>
        <source>Its sheet lacks {fields}: it can be placed, a run cannot load it with work.</source>
        <translation>시트에 {fields} 항목이 없습니다. 배치할 수는 있으나 운전에서 작업을 맡길 수 없습니다.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>Racks</source>
        <translation>랙</translation>
    </message>
</context>
<context>
    <name>plan</name>
    <message>
        <source>Break row into racks</source>
        <translation>열을 랙으로 분리</translation>
    </message>
    <message>
        <source>Break row {what}</source>
        <translation>{what}열 분리</translation>
    </message>
    <message>
        <source>Chimney</source>
        <translation>침니</translation>
    </message>
    <message>
        <source>Cold aisle</source>
        <translation>냉복도</translation>
    </message>
    <message>
        <source>Curtain</source>
        <translation>커튼</translation>
    </message>
    <message>
        <source>Cut feed {side} of {what}</source>
        <translation>{what} 급전 {side} 분리</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Duplicate {what}</source>
        <translation>{what} 복제</translation>
    </message>
    <message>
        <source>Feed {what} from {node}</source>
        <translation>{node}에서 {what} 급전</translation>
    </message>
    <message>
        <source>Fit {device} into {what}</source>
        <translation>{what}에 {device} 장착</translation>
    </message>
    <message>
        <source>Hot aisle</source>
        <translation>열복도</translation>
    </message>
    <message>
        <source>Loop of {what}</source>
        <translation>{what} 계통 변경</translation>
    </message>
    <message>
        <source>Move {what}</source>
        <translation>{what} 이동</translation>
    </message>
    <message>
        <source>No racks yet. Drag one from Devices or press R.</source>
        <translation>아직 랙이 없습니다. 장비에서 끌어 놓거나 R을 누르세요.</translation>
    </message>
    <message>
        <source>Place {what}</source>
        <translation>{what} 배치</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Remove {what}</source>
        <translation>{what} 삭제</translation>
    </message>
    <message>
        <source>Turn by 90°</source>
        <translation>90° 회전</translation>
    </message>
    <message>
        <source>Turn {what}</source>
        <translation>{what} 회전</translation>
    </message>
    <message>
        <source>Zoom to selection</source>
        <translation>선택 대상 확대</translation>
    </message>
    <message>
        <source>{n} things</source>
        <translation>대상 {n}개</translation>
    </message>
</context>
<context>
    <name>power_path</name>
    <message>
        <source>Accelerators</source>
        <translation>가속기</translation>
    </message>
    <message>
        <source>Cooling</source>
        <translation>냉각</translation>
    </message>
    <message>
        <source>Host, memory, fans</source>
        <translation>호스트·메모리·팬</translation>
    </message>
    <message>
        <source>IT</source>
        <translation>IT</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>Power path losses</source>
        <translation>전력 경로 손실</translation>
    </message>
</context>
<context>
    <name>project</name>
    <message>
        <source>New hall</source>
        <translation>새 전산실</translation>
    </message>
    <message>
        <source>give the corners in metres</source>
        <translation>모서리 좌표를 m 단위로 입력하십시오</translation>
    </message>
    <message>
        <source>holds {n} racks, the window draws up to {most}</source>
        <translation>랙 {n}대, 창에서 그릴 수 있는 최대는 {most}대</translation>
    </message>
    <message>
        <source>its room reaches {far:.3g} m, the window draws up to {most:.0f} m</source>
        <translation>전산실이 {far:.3g} m까지 뻗음, 창에서 그릴 수 있는 최대는 {most:.0f} m</translation>
    </message>
    <message>
        <source>open a file</source>
        <translation>파일을 여십시오</translation>
    </message>
    <message>
        <source>open a file that ends in .layout.json or .yaml</source>
        <translation>.layout.json 또는 .yaml로 끝나는 파일을 여십시오</translation>
    </message>
    <message>
        <source>split it, or use the command line</source>
        <translation>나누거나 명령줄을 사용하십시오</translation>
    </message>
    <message>
        <source>{name} is a device or a pipe, not a file</source>
        <translation>{name}: 파일이 아니라 장치 또는 파이프임</translation>
    </message>
    <message>
        <source>{name} is neither a layout nor a scenario</source>
        <translation>{name}: 배치도 시나리오도 아님</translation>
    </message>
</context>
<context>
    <name>recover</name>
    <message>
        <source>The file is gone or cannot be read.</source>
        <translation>파일이 없거나 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>The file was changed by something else after that.</source>
        <translation>그 뒤 다른 프로그램이 파일을 변경했습니다.</translation>
    </message>
    <message>
        <source>The program ended before this was saved. Every edit since then has been kept.</source>
        <translation>저장하기 전에 프로그램이 끝났습니다. 그 뒤의 편집은 모두 보관되어 있습니다.</translation>
    </message>
    <message>
        <source>Unsaved work found</source>
        <translation>저장되지 않은 작업 발견</translation>
    </message>
    <message>
        <source>Unsaved work found in several drawings</source>
        <translation>여러 도면에서 저장되지 않은 작업 발견</translation>
    </message>
    <message>
        <source>{n} lines of the journal are damaged; what they held is lost.</source>
        <translation>편집 기록 {n}줄이 손상되어 그 내용은 복구할 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>roles</name>
    <message>
        <source>Adiabatic cooler</source>
        <translation>단열식 냉각기</translation>
    </message>
    <message>
        <source>Busway</source>
        <translation>버스웨이</translation>
    </message>
    <message>
        <source>Chilled water loop</source>
        <translation>냉수 계통</translation>
    </message>
    <message>
        <source>Chiller</source>
        <translation>냉동기</translation>
    </message>
    <message>
        <source>Condenser water loop</source>
        <translation>응축기 냉각수 계통</translation>
    </message>
    <message>
        <source>Coolant loop</source>
        <translation>냉각액 계통</translation>
    </message>
    <message>
        <source>Cooling tower</source>
        <translation>냉각탑</translation>
    </message>
    <message>
        <source>Dry cooler</source>
        <translation>드라이쿨러</translation>
    </message>
    <message>
        <source>Facility water loop</source>
        <translation>설비 냉각수 계통</translation>
    </message>
    <message>
        <source>Generator</source>
        <translation>발전기</translation>
    </message>
    <message>
        <source>PDU</source>
        <translation>분전반(PDU)</translation>
    </message>
    <message>
        <source>Pump</source>
        <translation>펌프</translation>
    </message>
    <message>
        <source>Rectifier</source>
        <translation>정류기</translation>
    </message>
    <message>
        <source>Remote power panel</source>
        <translation>원격 분전반(RPP)</translation>
    </message>
    <message>
        <source>Static switch (STS)</source>
        <translation>정지형 절체스위치(STS)</translation>
    </message>
    <message>
        <source>Switchboard</source>
        <translation>배전반</translation>
    </message>
    <message>
        <source>Tank</source>
        <translation>탱크</translation>
    </message>
    <message>
        <source>Transfer switch (ATS)</source>
        <translation>자동절체스위치(ATS)</translation>
    </message>
    <message>
        <source>Transformer</source>
        <translation>변압기</translation>
    </message>
    <message>
        <source>UPS</source>
        <translation>무정전전원장치(UPS)</translation>
    </message>
    <message>
        <source>Utility supply</source>
        <translation>상용전원</translation>
    </message>
</context>
<context>
    <name>status</name>
    <message>
        <source>Engine opens the scenario</source>
        <translation>엔진이 시나리오를 여는 중</translation>
    </message>
    <message>
        <source>Engine ready</source>
        <translation>엔진 대기</translation>
    </message>
    <message>
        <source>Engine running, {reached} of {wanted}</source>
        <translation>엔진 운전 중, {wanted} 중 {reached}</translation>
    </message>
    <message>
        <source>Engine stopped</source>
        <translation>엔진 정지</translation>
    </message>
    <message>
        <source>Facility energy {energy}</source>
        <translation>시설 전력량 {energy}</translation>
    </message>
    <message>
        <source>Outdoor {outdoor}    Supply {supply}</source>
        <translation>외기 {outdoor}    급기 {supply}</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 정지됨</translation>
    </message>
    <message>
        <source>Pulse {count} of {total}</source>
        <translation>펄스 {total} 중 {count}</translation>
    </message>
    <message>
        <source>Run finished</source>
        <translation>운전 완료</translation>
    </message>
    <message>
        <source>The drawing has changed since this run began; run from the beginning to use it</source>
        <translation>운전 시작 후 도면이 바뀜; 처음부터 운전하면 반영됨</translation>
    </message>
    <message>
        <source>max</source>
        <translation>최대</translation>
    </message>
</context>
<context>
    <name>tiles</name>
    <message>
        <source>Energy per item</source>
        <translation>건당 에너지</translation>
    </message>
    <message>
        <source>Energy per token</source>
        <translation>토큰당 에너지</translation>
    </message>
    <message>
        <source>Facility power</source>
        <translation>시설 전력</translation>
    </message>
    <message>
        <source>Hottest inlet</source>
        <translation>최고 흡기</translation>
    </message>
    <message>
        <source>IT power</source>
        <translation>IT 전력</translation>
    </message>
    <message>
        <source>Latency p99</source>
        <translation>지연시간 p99</translation>
    </message>
    <message>
        <source>TPOT p50</source>
        <translation>TPOT p50</translation>
    </message>
    <message>
        <source>TTFT p99</source>
        <translation>TTFT p99</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>처리량</translation>
    </message>
    <message>
        <source>limit {limit:.0f}</source>
        <translation>한계 {limit:.0f}</translation>
    </message>
    <message>
        <source>target {limit}</source>
        <translation>목표 {limit}</translation>
    </message>
    <message>
        <source>{change} since {clock}</source>
        <translation>{clock} 대비 {change}</translation>
    </message>
</context>
<context>
    <name>window</name>
    <message>
        <source>Something went wrong. Your drawing is safe.</source>
        <translation>문제가 생겼습니다. 도면은 안전합니다.</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>KV transfers fill the network</source>
        <translation>KV 전송 네트워크 포화</translation>
    </message>
    <message>
        <source>UPS overloaded</source>
        <translation>UPS 과부하</translation>
    </message>
    <message>
        <source>air not solved</source>
        <translation>기류 계산 불가</translation>
    </message>
    <message>
        <source>air short circuit</source>
        <translation>공기 단락</translation>
    </message>
    <message>
        <source>approach too small</source>
        <translation>접근온도차 부족</translation>
    </message>
    <message>
        <source>battery charged</source>
        <translation>축전지 충전 완료</translation>
    </message>
    <message>
        <source>battery empty</source>
        <translation>축전지 방전</translation>
    </message>
    <message>
        <source>battery overdrawn</source>
        <translation>축전지 과방전</translation>
    </message>
    <message>
        <source>breaker tripped</source>
        <translation>차단기 트립</translation>
    </message>
    <message>
        <source>chips cool again</source>
        <translation>칩 온도 회복</translation>
    </message>
    <message>
        <source>chips switched off by heat</source>
        <translation>칩 과열 차단</translation>
    </message>
    <message>
        <source>chips throttled by heat</source>
        <translation>칩 과열 클럭 제한</translation>
    </message>
    <message>
        <source>clearance behind</source>
        <translation>후면 이격</translation>
    </message>
    <message>
        <source>clearance in front</source>
        <translation>전면 이격</translation>
    </message>
    <message>
        <source>clocks held by the power cap</source>
        <translation>전력 상한에 따른 클럭 제한</translation>
    </message>
    <message>
        <source>clocks lowered by warm inlet</source>
        <translation>흡기 온도에 따른 클럭 제한</translation>
    </message>
    <message>
        <source>column in the way</source>
        <translation>기둥 간섭</translation>
    </message>
    <message>
        <source>continuous load</source>
        <translation>연속 부하</translation>
    </message>
    <message>
        <source>coolant flow reduced</source>
        <translation>냉각액 유량 감소</translation>
    </message>
    <message>
        <source>coolant flow too small</source>
        <translation>냉각액 유량 부족</translation>
    </message>
    <message>
        <source>coolant flows again</source>
        <translation>냉각액 유량 회복</translation>
    </message>
    <message>
        <source>coolant not cooled</source>
        <translation>냉각액 냉각 불가</translation>
    </message>
    <message>
        <source>coolant stopped</source>
        <translation>냉각액 정지</translation>
    </message>
    <message>
        <source>cooling capacity</source>
        <translation>냉각 용량</translation>
    </message>
    <message>
        <source>cord imbalance</source>
        <translation>전원 코드 불평형</translation>
    </message>
    <message>
        <source>eco mode</source>
        <translation>에코 모드</translation>
    </message>
    <message>
        <source>enough supplies again</source>
        <translation>전원공급장치 수량 회복</translation>
    </message>
    <message>
        <source>error of settled air</source>
        <translation>기류 정상해 오차</translation>
    </message>
    <message>
        <source>estimate</source>
        <translation>추정값</translation>
    </message>
    <message>
        <source>failure</source>
        <translation>고장</translation>
    </message>
    <message>
        <source>feed to nothing</source>
        <translation>없는 급전원</translation>
    </message>
    <message>
        <source>floor load</source>
        <translation>바닥 하중</translation>
    </message>
    <message>
        <source>full clocks again</source>
        <translation>클럭 회복</translation>
    </message>
    <message>
        <source>generator carries load</source>
        <translation>발전기 부하 투입</translation>
    </message>
    <message>
        <source>generator failed</source>
        <translation>발전기 고장</translation>
    </message>
    <message>
        <source>generator starting</source>
        <translation>발전기 기동 중</translation>
    </message>
    <message>
        <source>generator stopped</source>
        <translation>발전기 정지</translation>
    </message>
    <message>
        <source>hot inlet</source>
        <translation>흡기 과열</translation>
    </message>
    <message>
        <source>inlet over the A1 limit</source>
        <translation>흡기 A1 한계 초과</translation>
    </message>
    <message>
        <source>inlet over the recommended limit</source>
        <translation>흡기 권장 한계 초과</translation>
    </message>
    <message>
        <source>inlets from the flow again</source>
        <translation>기류 계산으로 흡기 온도 복귀</translation>
    </message>
    <message>
        <source>link saturated</source>
        <translation>링크 포화</translation>
    </message>
    <message>
        <source>load after a failure</source>
        <translation>절체 후 부하</translation>
    </message>
    <message>
        <source>load step on the UPS</source>
        <translation>UPS 부하 급변</translation>
    </message>
    <message>
        <source>load step too large</source>
        <translation>부하 급변 초과</translation>
    </message>
    <message>
        <source>loop volume unknown</source>
        <translation>계통 보유 수량 미입력</translation>
    </message>
    <message>
        <source>medium of a rear door</source>
        <translation>리어도어 냉매</translation>
    </message>
    <message>
        <source>name used twice</source>
        <translation>이름 중복</translation>
    </message>
    <message>
        <source>network in parts</source>
        <translation>네트워크 분리</translation>
    </message>
    <message>
        <source>no air cooler</source>
        <translation>항온항습기 없음</translation>
    </message>
    <message>
        <source>no condenser loop</source>
        <translation>냉각수 계통 없음</translation>
    </message>
    <message>
        <source>no coolant pump</source>
        <translation>냉각액 펌프 없음</translation>
    </message>
    <message>
        <source>no feed</source>
        <translation>급전 없음</translation>
    </message>
    <message>
        <source>no heat rejection</source>
        <translation>방열 설비 없음</translation>
    </message>
    <message>
        <source>no liquid path</source>
        <translation>액랭 경로 없음</translation>
    </message>
    <message>
        <source>no network path</source>
        <translation>네트워크 경로 없음</translation>
    </message>
    <message>
        <source>no path for coolant</source>
        <translation>냉각액 경로 없음</translation>
    </message>
    <message>
        <source>no pump</source>
        <translation>펌프 없음</translation>
    </message>
    <message>
        <source>no source</source>
        <translation>전원 없음</translation>
    </message>
    <message>
        <source>no spare cooling unit</source>
        <translation>예비 냉각 장비 없음</translation>
    </message>
    <message>
        <source>no water loop</source>
        <translation>냉수 계통 없음</translation>
    </message>
    <message>
        <source>no way out for air</source>
        <translation>배기 경로 없음</translation>
    </message>
    <message>
        <source>nothing takes the flow</source>
        <translation>유량 사용처 없음</translation>
    </message>
    <message>
        <source>on battery</source>
        <translation>축전지 운전</translation>
    </message>
    <message>
        <source>on mains again</source>
        <translation>상용전원 복귀</translation>
    </message>
    <message>
        <source>open aisle</source>
        <translation>개방 복도</translation>
    </message>
    <message>
        <source>outside the rack units</source>
        <translation>랙 유닛 초과</translation>
    </message>
    <message>
        <source>outside the room</source>
        <translation>전산실 밖</translation>
    </message>
    <message>
        <source>overlap</source>
        <translation>겹침</translation>
    </message>
    <message>
        <source>overload</source>
        <translation>과부하</translation>
    </message>
    <message>
        <source>peak of load swings</source>
        <translation>부하 변동 피크</translation>
    </message>
    <message>
        <source>peak shaving</source>
        <translation>피크 저감</translation>
    </message>
    <message>
        <source>phase imbalance</source>
        <translation>상 불평형</translation>
    </message>
    <message>
        <source>ports</source>
        <translation>포트 수</translation>
    </message>
    <message>
        <source>power cap</source>
        <translation>전력 상한</translation>
    </message>
    <message>
        <source>power cap missed</source>
        <translation>전력 상한 초과</translation>
    </message>
    <message>
        <source>power in a circle</source>
        <translation>전원 순환 연결</translation>
    </message>
    <message>
        <source>rack depth</source>
        <translation>랙 깊이</translation>
    </message>
    <message>
        <source>rack power budget</source>
        <translation>랙 전력 할당</translation>
    </message>
    <message>
        <source>rack units taken twice</source>
        <translation>랙 유닛 중복</translation>
    </message>
    <message>
        <source>rack weight</source>
        <translation>랙 하중</translation>
    </message>
    <message>
        <source>rating unknown</source>
        <translation>정격 미입력</translation>
    </message>
    <message>
        <source>redundancy</source>
        <translation>이중화</translation>
    </message>
    <message>
        <source>repair</source>
        <translation>복구</translation>
    </message>
    <message>
        <source>requests interrupted</source>
        <translation>요청 중단</translation>
    </message>
    <message>
        <source>room taken as mixed</source>
        <translation>완전 혼합 실내로 계산</translation>
    </message>
    <message>
        <source>server off</source>
        <translation>서버 꺼짐</translation>
    </message>
    <message>
        <source>server on</source>
        <translation>서버 켜짐</translation>
    </message>
    <message>
        <source>server put to sleep</source>
        <translation>서버 절전</translation>
    </message>
    <message>
        <source>server ready</source>
        <translation>서버 준비 완료</translation>
    </message>
    <message>
        <source>server woken</source>
        <translation>서버 절전 해제</translation>
    </message>
    <message>
        <source>set point</source>
        <translation>설정값</translation>
    </message>
    <message>
        <source>single point of failure</source>
        <translation>단일 장애점</translation>
    </message>
    <message>
        <source>sources joined</source>
        <translation>전원 병렬 연결</translation>
    </message>
    <message>
        <source>supply warmer than return</source>
        <translation>환기보다 따뜻한 급기</translation>
    </message>
    <message>
        <source>tile under a body</source>
        <translation>장비에 가린 타공판</translation>
    </message>
    <message>
        <source>too few supplies, clocks lowered</source>
        <translation>전원공급장치 부족, 클록 낮춤</translation>
    </message>
    <message>
        <source>too little supply air</source>
        <translation>급기량 부족</translation>
    </message>
    <message>
        <source>too many inputs</source>
        <translation>입력 과다</translation>
    </message>
    <message>
        <source>transfer to the other source</source>
        <translation>전원 절체</translation>
    </message>
    <message>
        <source>uneven cooler flow</source>
        <translation>냉각 장비 풍량 불균형</translation>
    </message>
    <message>
        <source>unknown device</source>
        <translation>없는 장비</translation>
    </message>
    <message>
        <source>unknown loop</source>
        <translation>없는 계통</translation>
    </message>
    <message>
        <source>unknown thing</source>
        <translation>없는 대상</translation>
    </message>
    <message>
        <source>unsteady air</source>
        <translation>비정상 기류</translation>
    </message>
    <message>
        <source>voltage unknown</source>
        <translation>전압 미입력</translation>
    </message>
    <message>
        <source>wall in the way</source>
        <translation>벽 간섭</translation>
    </message>
    <message>
        <source>water from outside</source>
        <translation>외부 냉수</translation>
    </message>
</context>
</TS>
