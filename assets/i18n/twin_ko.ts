<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en">
<context>
    <name>BoxInspector</name>
    <message>
        <source>; in every rack of row {name}</source>
        <translation>; {name}열의 모든 랙에 적용</translation>
    </message>
    <message>
        <source>Air</source>
        <translation type="unfinished">공기</translation>
    </message>
    <message>
        <source>Cords</source>
        <translation>전원 코드</translation>
    </message>
    <message>
        <source>Height</source>
        <translation type="unfinished">높이</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation type="unfinished">속성</translation>
    </message>
    <message>
        <source>Lowest unit</source>
        <translation>최하단 유닛</translation>
    </message>
    <message>
        <source>Mounted at</source>
        <translation>장착 면</translation>
    </message>
    <message>
        <source>Name plate</source>
        <translation type="unfinished">명판</translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished">네트워크</translation>
    </message>
    <message>
        <source>Place</source>
        <translation type="unfinished">위치</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>포트</translation>
    </message>
    <message>
        <source>Power</source>
        <translation type="unfinished">전력</translation>
    </message>
    <message>
        <source>Rack now</source>
        <translation>현재 랙 전력</translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished">크기</translation>
    </message>
    <message>
        <source>Through the rack</source>
        <translation>랙 통과 방향</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>합계</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>유닛</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation type="unfinished">무게</translation>
    </message>
    <message>
        <source>as the rack</source>
        <translation>랙과 같음</translation>
    </message>
    <message>
        <source>front</source>
        <translation>전면</translation>
    </message>
    <message>
        <source>its own</source>
        <translation>개별 지정</translation>
    </message>
    <message>
        <source>rear</source>
        <translation>후면</translation>
    </message>
    <message>
        <source>u user  d data sheet  e estimate  s simulated</source>
        <translation type="unfinished">u 사용자  d 데이터시트  e 추정  s 모의</translation>
    </message>
    <message>
        <source>{n} boxes</source>
        <translation>장비 {n}대</translation>
    </message>
</context>
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
        <source>racks as they run now, cooling at its rating</source>
        <translation>랙은 현재 운전값, 냉각은 정격 기준</translation>
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
    <name>Elevation</name>
    <message>
        <source>Both</source>
        <translation>양면</translation>
    </message>
    <message>
        <source>Faces shown</source>
        <translation>표시할 면</translation>
    </message>
    <message>
        <source>Fill…</source>
        <translation>채우기…</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>전면</translation>
    </message>
    <message>
        <source>Rack</source>
        <translation type="unfinished">랙</translation>
    </message>
    <message>
        <source>Rack {name}</source>
        <translation type="unfinished">랙 {name}</translation>
    </message>
    <message>
        <source>Racks shown</source>
        <translation>표시할 랙</translation>
    </message>
    <message>
        <source>Rear</source>
        <translation>후면</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Row {name}</source>
        <translation type="unfinished">{name}열</translation>
    </message>
    <message>
        <source>largest gap {gap} U in {rack}</source>
        <translation>최대 연속 공간 {gap} U({rack})</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation>{first}~{last}</translation>
    </message>
    <message>
        <source>{n} blow to the front</source>
        <translation>전면 배기 {n}대</translation>
    </message>
    <message>
        <source>{n} boxes collide</source>
        <translation>충돌 {n}대</translation>
    </message>
    <message>
        <source>{n} equal racks, edited as one</source>
        <translation>같은 랙 {n}대, 함께 편집</translation>
    </message>
    <message>
        <source>{n} racks</source>
        <translation type="unfinished">랙 {n}대</translation>
    </message>
    <message>
        <source>{share} of {u} U used</source>
        <translation>{u} U 중 {share} 사용</translation>
    </message>
</context>
<context>
    <name>ElevationStage</name>
    <message>
        <source>Elevation</source>
        <translation>입면</translation>
    </message>
    <message>
        <source>Racks from front and rear. Tab walks through the boxes, arrows move them by a unit or a rack.</source>
        <translation>랙의 전면과 후면입니다. Tab으로 장비를 차례로 선택하고, 화살표로 한 유닛 또는 한 랙씩 옮깁니다.</translation>
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
    <name>FillDialog</name>
    <message>
        <source>Count in each</source>
        <translation>랙당 수량</translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished">장비</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>장착 면</translation>
    </message>
    <message>
        <source>Fill racks</source>
        <translation>랙 채우기</translation>
    </message>
    <message>
        <source>Fits: {n} boxes in {racks} racks.</source>
        <translation>가능: 랙 {racks}대에 장비 {n}대.</translation>
    </message>
    <message>
        <source>From unit</source>
        <translation>시작 유닛</translation>
    </message>
    <message>
        <source>One every</source>
        <translation>간격</translation>
    </message>
    <message>
        <source>Racks</source>
        <translation type="unfinished">랙</translation>
    </message>
    <message>
        <source>Row {name} is filled as a whole.</source>
        <translation>{name}열은 전체를 함께 채웁니다.</translation>
    </message>
    <message>
        <source>all {n} racks shown</source>
        <translation>표시된 랙 {n}대 모두</translation>
    </message>
    <message>
        <source>front</source>
        <translation>전면</translation>
    </message>
    <message>
        <source>rear</source>
        <translation>후면</translation>
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
        <source>Elevation</source>
        <translation>입면</translation>
    </message>
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
    <name>_Key</name>
    <message>
        <source>air comes out</source>
        <translation>공기 나옴</translation>
    </message>
    <message>
        <source>air goes in</source>
        <translation>공기 들어감</translation>
    </message>
    <message>
        <source>cord A</source>
        <translation>코드 A</translation>
    </message>
    <message>
        <source>cord B</source>
        <translation>코드 B</translation>
    </message>
    <message>
        <source>cord not fed</source>
        <translation>급전 없는 코드</translation>
    </message>
    <message>
        <source>mounted at the other face</source>
        <translation>반대 면 장착</translation>
    </message>
    <message>
        <source>open unit; all others are blanked</source>
        <translation>개방 유닛, 나머지는 블랭킹 패널</translation>
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
        <source>Elevation view</source>
        <translation>입면 보기</translation>
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
        <source>Fill racks…</source>
        <translation>랙 채우기…</translation>
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
    <name>elevation</name>
    <message>
        <source>A box would leave the racks shown</source>
        <translation>장비가 표시된 랙을 벗어남</translation>
    </message>
    <message>
        <source>Blows warm air to the front: turn it, or choose one of the other direction</source>
        <translation>더운 공기를 전면으로 배출합니다. 반대 면에 장착하거나 풍향이 반대인 제품을 선택하십시오.</translation>
    </message>
    <message>
        <source>Break row into racks</source>
        <translation type="unfinished">열을 랙으로 분리</translation>
    </message>
    <message>
        <source>Copy {what}</source>
        <translation>{what} 복사</translation>
    </message>
    <message>
        <source>Cut {side} of {what}</source>
        <translation>{what} 코드 {side} 분리</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished">복제</translation>
    </message>
    <message>
        <source>Duplicate {what}</source>
        <translation type="unfinished">{what} 복제</translation>
    </message>
    <message>
        <source>Feed {what} from {node}</source>
        <translation type="unfinished">{node}에서 {what} 급전</translation>
    </message>
    <message>
        <source>Fill racks…</source>
        <translation>랙 채우기…</translation>
    </message>
    <message>
        <source>Fill {what} with {n} × {device}</source>
        <translation>{what} 채우기: {device} {n}대</translation>
    </message>
    <message>
        <source>Fit {device} into {what}</source>
        <translation type="unfinished">{what}에 {device} 장착</translation>
    </message>
    <message>
        <source>Fits: {n} U free after, {power}</source>
        <translation>가능: 장착 후 여유 {n} U, {power}</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>전면</translation>
    </message>
    <message>
        <source>In every rack of row {row}</source>
        <translation>{row}열의 모든 랙에 적용</translation>
    </message>
    <message>
        <source>Mount at the other face</source>
        <translation>반대 면에 장착</translation>
    </message>
    <message>
        <source>Move {what}</source>
        <translation type="unfinished">{what} 이동</translation>
    </message>
    <message>
        <source>No rack is shown. Select a rack or a row on the plan and press Enter.</source>
        <translation>표시된 랙이 없습니다. 평면에서 랙이나 열을 선택하고 Enter를 누르십시오.</translation>
    </message>
    <message>
        <source>Rear</source>
        <translation>후면</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished">삭제</translation>
    </message>
    <message>
        <source>Remove {what}</source>
        <translation type="unfinished">{what} 삭제</translation>
    </message>
    <message>
        <source>Row {row} has {n} equal racks: hold Ctrl to copy, or break the row</source>
        <translation>{row}열은 같은 랙 {n}대입니다. Ctrl을 눌러 복사하거나 열을 랙으로 분리하십시오.</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>유닛</translation>
    </message>
    <message>
        <source>U{low} to U{top}</source>
        <translation>U{low}~U{top}</translation>
    </message>
    <message>
        <source>Would blow warm air to the front</source>
        <translation>더운 공기를 전면으로 배출하게 됨</translation>
    </message>
    <message>
        <source>air {way}</source>
        <translation>공기 {way}</translation>
    </message>
    <message>
        <source>beside the units</source>
        <translation>유닛 옆</translation>
    </message>
    <message>
        <source>blows to front</source>
        <translation>전면 배기</translation>
    </message>
    <message>
        <source>blows warm air to the front</source>
        <translation>더운 공기를 전면으로 배출</translation>
    </message>
    <message>
        <source>collides with {name} in {units}</source>
        <translation>{units} {name} 위치와 충돌</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>cord {a}</source>
        <translation>코드 {a}</translation>
    </message>
    <message>
        <source>cords {a} and {b}</source>
        <translation>코드 {a}, {b}</translation>
    </message>
    <message>
        <source>front to rear</source>
        <translation>전면→후면</translation>
    </message>
    <message>
        <source>kW</source>
        <translation>kW</translation>
    </message>
    <message>
        <source>kg</source>
        <translation>kg</translation>
    </message>
    <message>
        <source>no air</source>
        <translation>공기 흐름 없음</translation>
    </message>
    <message>
        <source>no cord is fed</source>
        <translation>급전되는 코드 없음</translation>
    </message>
    <message>
        <source>ports</source>
        <translation type="unfinished">포트 수</translation>
    </message>
    <message>
        <source>rear to front</source>
        <translation>후면→전면</translation>
    </message>
    <message>
        <source>sideways</source>
        <translation>측면</translation>
    </message>
    <message>
        <source>takes U{low} to U{top}, the rack has U1 to U{limit}</source>
        <translation>U{low}~U{top} 필요, 랙은 U1~U{limit}</translation>
    </message>
    <message>
        <source>{kg} kg over what the rack may carry</source>
        <translation>랙 허용 하중보다 {kg} kg 초과</translation>
    </message>
    <message>
        <source>{kw} kW over the budget of the rack</source>
        <translation>랙 할당 전력보다 {kw} kW 초과</translation>
    </message>
    <message>
        <source>{n} boxes</source>
        <translation>장비 {n}대</translation>
    </message>
    <message>
        <source>{rack}: box {i} of {n} {trouble}</source>
        <translation>{rack}: {n}대 중 {i}번째, {trouble}</translation>
    </message>
    <message>
        <source>{value} of {limit} {unit}</source>
        <translation>{value} / {limit} {unit}</translation>
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
        <source>Temperature</source>
        <translation>온도</translation>
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
        <source>a</source>
        <translation>a</translation>
    </message>
    <message>
        <source>air mass factor</source>
        <translation>공기 질량 배율</translation>
    </message>
    <message>
        <source>angle</source>
        <translation>각도</translation>
    </message>
    <message>
        <source>b</source>
        <translation>b</translation>
    </message>
    <message>
        <source>battery</source>
        <translation>축전지</translation>
    </message>
    <message>
        <source>battery capacity</source>
        <translation>축전지 용량</translation>
    </message>
    <message>
        <source>battery count</source>
        <translation>축전지 수</translation>
    </message>
    <message>
        <source>blanking</source>
        <translation>블랭킹 비율</translation>
    </message>
    <message>
        <source>breaker</source>
        <translation>차단기</translation>
    </message>
    <message>
        <source>breaker curve</source>
        <translation>차단기 곡선</translation>
    </message>
    <message>
        <source>breaker tms</source>
        <translation>차단기 시간 배율</translation>
    </message>
    <message>
        <source>bypass</source>
        <translation>바이패스</translation>
    </message>
    <message>
        <source>bytes s</source>
        <translation>대역폭</translation>
    </message>
    <message>
        <source>cards</source>
        <translation>카드</translation>
    </message>
    <message>
        <source>ceiling plenum</source>
        <translation>천장 플레넘</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>기둥</translation>
    </message>
    <message>
        <source>containments</source>
        <translation>컨테인먼트</translation>
    </message>
    <message>
        <source>contents</source>
        <translation>구성</translation>
    </message>
    <message>
        <source>coolers</source>
        <translation>냉각 장비</translation>
    </message>
    <message>
        <source>count</source>
        <translation>수량</translation>
    </message>
    <message>
        <source>depth</source>
        <translation>깊이</translation>
    </message>
    <message>
        <source>doors</source>
        <translation>문</translation>
    </message>
    <message>
        <source>elevation</source>
        <translation>표고</translation>
    </message>
    <message>
        <source>fabrics</source>
        <translation>패브릭</translation>
    </message>
    <message>
        <source>face</source>
        <translation>면</translation>
    </message>
    <message>
        <source>fan</source>
        <translation>팬 속도</translation>
    </message>
    <message>
        <source>feeds</source>
        <translation>급전</translation>
    </message>
    <message>
        <source>file</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>floor leakage</source>
        <translation>바닥 누기율</translation>
    </message>
    <message>
        <source>floor limit</source>
        <translation>바닥 허용 하중</translation>
    </message>
    <message>
        <source>format</source>
        <translation>형식</translation>
    </message>
    <message>
        <source>group</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>has doors</source>
        <translation>문 있음</translation>
    </message>
    <message>
        <source>has roof</source>
        <translation>지붕 있음</translation>
    </message>
    <message>
        <source>head</source>
        <translation>양정</translation>
    </message>
    <message>
        <source>height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>id</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>in row</source>
        <translation>열간 배치</translation>
    </message>
    <message>
        <source>inputs</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>is exit</source>
        <translation>비상구</translation>
    </message>
    <message>
        <source>is locked</source>
        <translation>잠금</translation>
    </message>
    <message>
        <source>is visible</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>latitude</source>
        <translation>위도</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>레이어</translation>
    </message>
    <message>
        <source>leakage</source>
        <translation>누기율</translation>
    </message>
    <message>
        <source>leaves</source>
        <translation>리프</translation>
    </message>
    <message>
        <source>length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>links</source>
        <translation>링크</translation>
    </message>
    <message>
        <source>longitude</source>
        <translation>경도</translation>
    </message>
    <message>
        <source>loop</source>
        <translation>계통</translation>
    </message>
    <message>
        <source>loops</source>
        <translation>계통</translation>
    </message>
    <message>
        <source>m per pixel</source>
        <translation>픽셀당 길이</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>매체</translation>
    </message>
    <message>
        <source>mode</source>
        <translation>방식</translation>
    </message>
    <message>
        <source>name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>naming</source>
        <translation>이름 규칙</translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished">없음</translation>
    </message>
    <message>
        <source>note</source>
        <translation type="unfinished">참고</translation>
    </message>
    <message>
        <source>opacity</source>
        <translation>불투명도</translation>
    </message>
    <message>
        <source>open</source>
        <translation>개구율</translation>
    </message>
    <message>
        <source>outline</source>
        <translation>외곽선</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>상</translation>
    </message>
    <message>
        <source>pitch</source>
        <translation>배치 간격</translation>
    </message>
    <message>
        <source>place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>plant</source>
        <translation>열원 설비</translation>
    </message>
    <message>
        <source>points</source>
        <translation>점</translation>
    </message>
    <message>
        <source>ports per server</source>
        <translation>서버당 포트</translation>
    </message>
    <message>
        <source>power</source>
        <translation>전력</translation>
    </message>
    <message>
        <source>power policy</source>
        <translation>급전 방식</translation>
    </message>
    <message>
        <source>pump</source>
        <translation>펌프</translation>
    </message>
    <message>
        <source>racks</source>
        <translation>랙</translation>
    </message>
    <message>
        <source>raised floor</source>
        <translation>이중마루</translation>
    </message>
    <message>
        <source>rated</source>
        <translation>정격</translation>
    </message>
    <message>
        <source>rear door</source>
        <translation>리어도어</translation>
    </message>
    <message>
        <source>redundancy</source>
        <translation type="unfinished">이중화</translation>
    </message>
    <message>
        <source>rejects to</source>
        <translation>방열 계통</translation>
    </message>
    <message>
        <source>return</source>
        <translation type="unfinished">환수</translation>
    </message>
    <message>
        <source>role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>room</source>
        <translation>전산실</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>랙 열</translation>
    </message>
    <message>
        <source>serves</source>
        <translation>담당 계통</translation>
    </message>
    <message>
        <source>side</source>
        <translation type="unfinished">측면</translation>
    </message>
    <message>
        <source>site</source>
        <translation>시설</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>비운 자리</translation>
    </message>
    <message>
        <source>spines</source>
        <translation>스파인</translation>
    </message>
    <message>
        <source>supply</source>
        <translation type="unfinished">공급</translation>
    </message>
    <message>
        <source>tags</source>
        <translation>태그</translation>
    </message>
    <message>
        <source>thickness</source>
        <translation>두께</translation>
    </message>
    <message>
        <source>tiles</source>
        <translation>타공판</translation>
    </message>
    <message>
        <source>time zone</source>
        <translation>시간대</translation>
    </message>
    <message>
        <source>type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>u</source>
        <translation>U 위치</translation>
    </message>
    <message>
        <source>underlays</source>
        <translation>밑그림</translation>
    </message>
    <message>
        <source>uplinks per leaf</source>
        <translation>리프당 업링크</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>기본</translation>
    </message>
    <message>
        <source>version</source>
        <translation>버전</translation>
    </message>
    <message>
        <source>volume</source>
        <translation>보유 수량</translation>
    </message>
    <message>
        <source>wall thickness</source>
        <translation>벽 두께</translation>
    </message>
    <message>
        <source>walls</source>
        <translation>벽</translation>
    </message>
    <message>
        <source>width</source>
        <translation>폭</translation>
    </message>
    <message>
        <source>x</source>
        <translation type="unfinished">x</translation>
    </message>
    <message>
        <source>y</source>
        <translation type="unfinished">y</translation>
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
        <source>Open elevation</source>
        <translation>입면 열기</translation>
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
    <name>sayings</name>
    <message>
        <source>`twin devices {device}` shows the reasoning; a sheet of your own overrides it</source>
        <translation>근거는 `twin devices {device}`, 직접 만든 시트가 우선</translation>
    </message>
    <message>
        <source>a step of {step} kW, it bears {bears} kW</source>
        <translation>급변 {step} kW, 허용 {bears} kW</translation>
    </message>
    <message>
        <source>add a chiller, tower or dry cooler to it</source>
        <translation>냉동기, 냉각탑 또는 드라이쿨러 추가</translation>
    </message>
    <message>
        <source>add a fabric if they are to be joined</source>
        <translation>연결하려면 패브릭 추가</translation>
    </message>
    <message>
        <source>add a pump to it</source>
        <translation>펌프 추가</translation>
    </message>
    <message>
        <source>add a unit, or take racks off the loop</source>
        <translation>장비를 추가하거나 계통에서 랙 분리</translation>
    </message>
    <message>
        <source>add air, or wait for the settled picture</source>
        <translation>풍량을 늘리거나 정상해 결과 대기</translation>
    </message>
    <message>
        <source>add one if N+1 is wanted</source>
        <translation>N+1이 필요하면 1대 추가</translation>
    </message>
    <message>
        <source>add or enlarge a rack PDU</source>
        <translation>랙 PDU 추가 또는 증설</translation>
    </message>
    <message>
        <source>add the difference to the error</source>
        <translation>이 차이를 오차에 더함</translation>
    </message>
    <message>
        <source>add voltage_in_v to the sheet</source>
        <translation>시트에 voltage_in_v 추가</translation>
    </message>
    <message>
        <source>add {noun_word} or take load out</source>
        <translation>{noun_word} 추가 또는 부하 제거</translation>
    </message>
    <message>
        <source>air coolers</source>
        <translation>항온항습기</translation>
    </message>
    <message>
        <source>ats</source>
        <translation>ATS</translation>
    </message>
    <message>
        <source>batteries bridge its loss for minutes only</source>
        <translation>상실 시 축전지로 몇 분만 유지</translation>
    </message>
    <message>
        <source>batteries give nothing any more</source>
        <translation>축전지 방전 종료</translation>
    </message>
    <message>
        <source>batteries give {given} kW</source>
        <translation>축전지 공급 {given} kW</translation>
    </message>
    <message>
        <source>battery</source>
        <translation>축전지</translation>
    </message>
    <message>
        <source>behind</source>
        <translation>후면</translation>
    </message>
    <message>
        <source>breaker</source>
        <translation>차단기</translation>
    </message>
    <message>
        <source>breaker of {current} A would carry {share} ({load}), {limit} is the limit for hours</source>
        <translation>차단기 {current} A 부하율 {share}({load}), 연속 한계 {limit}</translation>
    </message>
    <message>
        <source>busway</source>
        <translation>버스웨이</translation>
    </message>
    <message>
        <source>carries {load} kW, rated {limit} kW</source>
        <translation>부하 {load} kW, 정격 {limit} kW</translation>
    </message>
    <message>
        <source>carries {load} kg, the rack may carry {limit} kg</source>
        <translation>적재 {load} kg, 랙 허용 {limit} kg</translation>
    </message>
    <message>
        <source>chillers</source>
        <translation>냉동기</translation>
    </message>
    <message>
        <source>chips at {chip} °C, full clocks again</source>
        <translation>칩 {chip} °C, 클럭 회복</translation>
    </message>
    <message>
        <source>chips at {chip} °C: clocks fall</source>
        <translation>칩 {chip} °C: 클럭 하락</translation>
    </message>
    <message>
        <source>chips at {chip} °C: clocks fall, {span} s after {cause}</source>
        <translation>칩 {chip} °C: 클럭 하락, 원인({cause}) 발생 {span} s 뒤</translation>
    </message>
    <message>
        <source>chips at {chip} °C: servers switch themselves off</source>
        <translation>칩 {chip} °C: 서버가 스스로 꺼짐</translation>
    </message>
    <message>
        <source>chips at {chip} °C: servers switch themselves off, {span} s after {cause}</source>
        <translation>칩 {chip} °C: 서버가 스스로 꺼짐, 원인({cause}) 발생 {span} s 뒤</translation>
    </message>
    <message>
        <source>choose a deeper rack</source>
        <translation>더 깊은 랙 선택</translation>
    </message>
    <message>
        <source>claims {redundancy}, but {box} hangs on 1 node ({shown}), 2 are needed</source>
        <translation>이중화 {redundancy} 지정, {box} 급전원 1개({shown}), 2개 필요</translation>
    </message>
    <message>
        <source>column</source>
        <translation>기둥</translation>
    </message>
    <message>
        <source>coolant flows and no water cools it</source>
        <translation>냉각액은 흐르나 냉각할 물 없음</translation>
    </message>
    <message>
        <source>cooler</source>
        <translation>냉각 장비</translation>
    </message>
    <message>
        <source>coolers move {a} m3/s and racks {b} m3/s, {c} of it: below {limit} potential flow does not know which rack is hot (3.3 K RMS against CFD)</source>
        <translation>냉각 장비 풍량 {a} m3/s, 랙 풍량 {b} m3/s, 비율 {c}: {limit} 미만이면 퍼텐셜 유동으로 어느 랙이 뜨거운지 알 수 없음(CFD 대비 RMS 3.3 K)</translation>
    </message>
    <message>
        <source>cut one of these inputs</source>
        <translation>이 입력 중 하나 분리</translation>
    </message>
    <message>
        <source>do not switch off within ten minutes</source>
        <translation>10분 안에는 차단되지 않음</translation>
    </message>
    <message>
        <source>draw a ceiling plenum, or put an in-row unit into it</source>
        <translation>천장 플레넘을 그리거나 열간 냉각기 배치</translation>
    </message>
    <message>
        <source>draw it, or mend {field} of {place}</source>
        <translation>대상을 그리거나 {place}의 {field} 수정</translation>
    </message>
    <message>
        <source>draw its plant if that is to be counted</source>
        <translation>계산에 넣으려면 열원 설비 작도</translation>
    </message>
    <message>
        <source>draws {a} on side A and {b} on side B, {off} apart, {limit} is the limit</source>
        <translation>A 측 {a}, B 측 {b}, 차이 {off}, 한계 {limit}</translation>
    </message>
    <message>
        <source>every swing of {step} kW, it bears {bears} kW</source>
        <translation>반복 변동 {step} kW, 허용 {bears} kW</translation>
    </message>
    <message>
        <source>exchange supply_c and return_c, or mend one</source>
        <translation>supply_c와 return_c를 맞바꾸거나 하나를 수정</translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished">고장</translation>
    </message>
    <message>
        <source>falls into {n} parts that cannot reach each other ({sizes})</source>
        <translation>서로 닿지 않는 {n}개 부분으로 나뉨({sizes})</translation>
    </message>
    <message>
        <source>feeds itself through {n} nodes: {nodes}</source>
        <translation>전원 설비 {n}개를 거쳐 자신에게 급전: {nodes}</translation>
    </message>
    <message>
        <source>feeds {n} racks that claim two paths by both of them ({names}); 0 shared nodes are allowed</source>
        <translation>이중화 랙 {n}대의 두 경로가 모두 거쳐 감({names}), 공유 설비 0개만 허용</translation>
    </message>
    <message>
        <source>full again</source>
        <translation>충전 완료</translation>
    </message>
    <message>
        <source>gave {short} kJ it did not have, as its load rose within a pulse; shorten pulse_s</source>
        <translation>한 펄스 안에서 부하가 올라 없는 {short} kJ를 공급함; pulse_s를 줄일 것</translation>
    </message>
    <message>
        <source>generator</source>
        <translation>발전기</translation>
    </message>
    <message>
        <source>give both sides equal cords</source>
        <translation>양측에 같은 전원 코드 적용</translation>
    </message>
    <message>
        <source>give each path its own</source>
        <translation>경로마다 별도 설비 배치</translation>
    </message>
    <message>
        <source>give it rated_w</source>
        <translation>rated_w 입력</translation>
    </message>
    <message>
        <source>give pump_max_w on their sheet</source>
        <translation>시트에 pump_max_w 입력</translation>
    </message>
    <message>
        <source>gives no power</source>
        <translation>전력 공급 없음</translation>
    </message>
    <message>
        <source>gives {heat} of heat to the air and has 0 air coolers, 1 is needed</source>
        <translation>공기로 나가는 발열 {heat}, 항온항습기 0대, 1대 필요</translation>
    </message>
    <message>
        <source>hang it on a water loop</source>
        <translation>물 계통에 연결</translation>
    </message>
    <message>
        <source>hang racks with cold plates on it, or take the unit out</source>
        <translation>콜드플레이트 랙을 연결하거나 장비 제거</translation>
    </message>
    <message>
        <source>hangs on 0 loops, so its heat has no way out; 1 is needed</source>
        <translation>연결 계통 0개로 열이 나갈 곳 없음, 1개 필요</translation>
    </message>
    <message>
        <source>hangs on loop {loop}, which 0 CDUs serve, 1 is needed</source>
        <translation>{loop} 계통의 CDU 0대, 1대 필요</translation>
    </message>
    <message>
        <source>has 0 feeds, so it stands still; 1 is needed</source>
        <translation>급전 0개로 정지 상태, 1개 필요</translation>
    </message>
    <message>
        <source>has 0 feeds, so its fans or pumps stand still; 1 is needed</source>
        <translation>급전 0개로 팬·펌프 정지 상태, 1개 필요</translation>
    </message>
    <message>
        <source>has 0 pumps, 1 is needed</source>
        <translation>펌프 0대, 1대 필요</translation>
    </message>
    <message>
        <source>has a breaker of {current} A, but {device} has no voltage_in_v</source>
        <translation>차단기 {current} A, {device}에 voltage_in_v 없음</translation>
    </message>
    <message>
        <source>has a rear door and 0 liquid loops, 1 is needed</source>
        <translation>리어도어 있음, 액랭 계통 0개, 1개 필요</translation>
    </message>
    <message>
        <source>has a rear door on loop {loop} of {medium}, it needs water</source>
        <translation>리어도어가 {medium} 계통 {loop}에 연결됨, 물 계통 필요</translation>
    </message>
    <message>
        <source>has a roof, and neither a ceiling plenum nor a cooler draws from it: taken as open on top</source>
        <translation>지붕이 있으나 천장 플레넘도 흡입하는 냉각 장비도 없음: 위가 열린 것으로 계산</translation>
    </message>
    <message>
        <source>has its input again</source>
        <translation>입력 회복</translation>
    </message>
    <message>
        <source>has power again</source>
        <translation>전원 회복</translation>
    </message>
    <message>
        <source>has {free} m free {where_word}, up to {what}, {limit} m are needed</source>
        <translation>{where_word} 이격 {free} m({what}까지), 필요 {limit} m</translation>
    </message>
    <message>
        <source>has {free} m free {where_word}, up to {what}, {limit} m are needed ({n} racks of row {row} are too close)</source>
        <translation>{where_word} 이격 {free} m({what}까지), 필요 {limit} m ({row}열 랙 {n}대 이격 부족)</translation>
    </message>
    <message>
        <source>has {heat} of cold-plate heat and 0 liquid loops, 1 is needed</source>
        <translation>콜드플레이트 발열 {heat}, 액랭 계통 0개, 1개 필요</translation>
    </message>
    <message>
        <source>has {n} boxes that draw {load} and 0 feeds, 1 is needed</source>
        <translation>{load}를 쓰는 장비 {n}대에 급전 0개, 1개 필요</translation>
    </message>
    <message>
        <source>has {n} coolant units whose pumps are rated 0 W, so nothing says what moves its coolant</source>
        <translation>펌프 정격 0 W인 CDU {n}대, 냉각액 순환 근거 없음</translation>
    </message>
    <message>
        <source>has {n} servers ({names}) and no network at all</source>
        <translation>서버 {n}대({names}), 네트워크 없음</translation>
    </message>
    <message>
        <source>has {n} servers ({names}) with 0 links, 1 is needed</source>
        <translation>링크 0개인 서버 {n}대({names}), 1개 필요</translation>
    </message>
    <message>
        <source>heat rejection units</source>
        <translation>방열 설비</translation>
    </message>
    <message>
        <source>in eco mode again</source>
        <translation>에코 모드 복귀</translation>
    </message>
    <message>
        <source>in front</source>
        <translation>전면</translation>
    </message>
    <message>
        <source>inlet {inlet} °C is above the limit of servers here: clocks fall</source>
        <translation>흡기 {inlet} °C, 서버 한계 초과: 클럭 하락</translation>
    </message>
    <message>
        <source>inlet {inlet} °C, A1 limit {limit} °C</source>
        <translation>흡기 {inlet} °C, A1 한계 {limit} °C</translation>
    </message>
    <message>
        <source>inlet {inlet} °C, full clocks again</source>
        <translation>흡기 {inlet} °C, 클럭 회복</translation>
    </message>
    <message>
        <source>inlet {inlet} °C, recommended {limit} °C</source>
        <translation>흡기 {inlet} °C, 권장 한계 {limit} °C</translation>
    </message>
    <message>
        <source>inlets still differ by {drift} K between the halves of {span} s of marching: the air of this room moves slowly back and forth</source>
        <translation>{span} s 계산의 전반·후반 흡기 차이 {drift} K: 이 전산실의 기류는 천천히 왕복함</translation>
    </message>
    <message>
        <source>is a water-cooled chiller with 0 condenser loops, 1 is needed</source>
        <translation>수랭식 냉동기의 냉각수 계통 0개, 1개 필요</translation>
    </message>
    <message>
        <source>is a {role_word} with 0 inputs, 1 is needed</source>
        <translation>{role_word} 입력 0개, 1개 필요</translation>
    </message>
    <message>
        <source>is a {role_word} with {n} inputs ({inputs}), 1 is the limit</source>
        <translation>{role_word} 입력 {n}개({inputs}), 한계 1개</translation>
    </message>
    <message>
        <source>is supplied at {a} °C and returns at {b} °C, it must return warmer</source>
        <translation>공급 {a} °C, 환수 {b} °C, 환수가 더 높아야 함</translation>
    </message>
    <message>
        <source>is to hold {a} °C with water of {b} °C, which must be colder</source>
        <translation>설정 {a} °C, 공급수 {b} °C, 공급수가 더 낮아야 함</translation>
    </message>
    <message>
        <source>is to hold {a} °C, at its rating it reaches {b} °C with this water</source>
        <translation>설정 {a} °C, 이 공급수로는 정격에서 {b} °C</translation>
    </message>
    <message>
        <source>its load has no power unless fed twice</source>
        <translation>이중 급전이 아니면 부하 정전</translation>
    </message>
    <message>
        <source>join it to a PDU or busway</source>
        <translation>분전반 또는 버스웨이에 연결</translation>
    </message>
    <message>
        <source>join it to a switchboard</source>
        <translation>배전반에 연결</translation>
    </message>
    <message>
        <source>join it to what feeds it</source>
        <translation>급전원에 연결</translation>
    </message>
    <message>
        <source>join the other side</source>
        <translation>다른 측에도 연결</translation>
    </message>
    <message>
        <source>join their leaves to common spines</source>
        <translation>리프를 공통 스파인에 연결</translation>
    </message>
    <message>
        <source>joins {n} sources ({sources}) that may be out of step, 1 is the limit</source>
        <translation>동기되지 않을 수 있는 전원 {n}개 병렬({sources}), 한계 1개</translation>
    </message>
    <message>
        <source>less coolant flows</source>
        <translation>냉각액 유량 감소</translation>
    </message>
    <message>
        <source>loads its footprint with {load} kg/m2, the floor may carry {limit} kg/m2</source>
        <translation>바닥 하중 {load} kg/m2, 바닥 허용 {limit} kg/m2</translation>
    </message>
    <message>
        <source>loop</source>
        <translation>계통</translation>
    </message>
    <message>
        <source>lost its input, {charge} charged</source>
        <translation>입력 상실, 충전량 {charge}</translation>
    </message>
    <message>
        <source>lost power</source>
        <translation>전원 상실</translation>
    </message>
    <message>
        <source>lower its set point</source>
        <translation>설정값 낮춤</translation>
    </message>
    <message>
        <source>may draw {load}, the rack is meant for {limit}</source>
        <translation>최대 소비전력 {load}, 랙 할당 {limit}</translation>
    </message>
    <message>
        <source>module failed, {up} of {n} work</source>
        <translation>모듈 고장, {n}개 중 {up}개 동작</translation>
    </message>
    <message>
        <source>module repaired, {up} of {n} work</source>
        <translation>모듈 복구, {n}개 중 {up}개 동작</translation>
    </message>
    <message>
        <source>momentum with buoyancy, marched to its mean; against CFD of six rooms, on cells of {cell} m, inlets are right within {a} to {b} K RMS, {c} K with a failed cooler, the worst rack within {d} K, thirds within {e} K RMS; on {cell2} m {f}, {g} and {h} K</source>
        <translation>운동량과 부력을 푼 평균 기류: 전산실 6곳의 CFD 대비 격자 {cell} m에서 흡기 오차 RMS {a}~{b} K, 냉각 장비 고장 시 {c} K, 최악 랙 {d} K 이내, 높이 1/3별 RMS {e} K 이내; {cell2} m에서는 {f}, {g}, {h} K</translation>
    </message>
    <message>
        <source>more flows again, cooled by its water</source>
        <translation>유량 회복, 물로 냉각됨</translation>
    </message>
    <message>
        <source>move it down or take it out</source>
        <translation>아래로 옮기거나 제거</translation>
    </message>
    <message>
        <source>move it inside the outline</source>
        <translation>전산실 안으로 이동</translation>
    </message>
    <message>
        <source>move load away or enlarge it</source>
        <translation>부하를 옮기거나 용량 증설</translation>
    </message>
    <message>
        <source>move one of them</source>
        <translation>하나를 이동</translation>
    </message>
    <message>
        <source>move one of them apart</source>
        <translation>하나를 떨어뜨려 배치</translation>
    </message>
    <message>
        <source>move racks to other phases</source>
        <translation>랙을 다른 상으로 이동</translation>
    </message>
    <message>
        <source>move the rack, or the tiles</source>
        <translation>랙 또는 타공판 이동</translation>
    </message>
    <message>
        <source>moves {a} m3/s and the others up to {b} m3/s: with a failed or weak unit potential flow is wrong by up to 12 K beside it (4.8 K RMS against CFD)</source>
        <translation>풍량 {a} m3/s, 다른 장비 최대 {b} m3/s: 고장·약화된 장비 옆에서 퍼텐셜 유동 오차 최대 12 K(CFD 대비 RMS 4.8 K)</translation>
    </message>
    <message>
        <source>must move {heat} of heat, its {n} {noun_word} are rated {total} together</source>
        <translation>제거할 발열 {heat}, {noun_word} {n}대 합계 정격 {total}</translation>
    </message>
    <message>
        <source>must move {heat} of heat, without {name} its {noun_word} are rated {total}</source>
        <translation>제거할 발열 {heat}, {name} 제외 시 {noun_word} 정격 {total}</translation>
    </message>
    <message>
        <source>name a chilled-water loop</source>
        <translation>냉수 계통 지정</translation>
    </message>
    <message>
        <source>name a loop for it</source>
        <translation>계통 지정</translation>
    </message>
    <message>
        <source>no cap any more</source>
        <translation>전력 상한 해제</translation>
    </message>
    <message>
        <source>no coolant flows</source>
        <translation>냉각액 정지</translation>
    </message>
    <message>
        <source>no more than {limit} kW</source>
        <translation>최대 {limit} kW</translation>
    </message>
    <message>
        <source>not needed any more</source>
        <translation>더 필요하지 않음</translation>
    </message>
    <message>
        <source>pdu</source>
        <translation>분전반</translation>
    </message>
    <message>
        <source>peaks at {peak} kW every swing, mean {load} kW, rated {limit} kW</source>
        <translation>변동마다 최고 {peak} kW, 평균 {load} kW, 정격 {limit} kW</translation>
    </message>
    <message>
        <source>place a CDU</source>
        <translation>CDU 배치</translation>
    </message>
    <message>
        <source>place an air handler</source>
        <translation>항온항습기 배치</translation>
    </message>
    <message>
        <source>power node</source>
        <translation>전원 설비</translation>
    </message>
    <message>
        <source>put a leaf switch in the rack or let a leaf serve it</source>
        <translation>랙에 리프 스위치를 넣거나 다른 리프에 연결</translation>
    </message>
    <message>
        <source>put an ATS or STS before it</source>
        <translation>앞단에 ATS 또는 STS 배치</translation>
    </message>
    <message>
        <source>put an ATS, STS or switchboard before it</source>
        <translation>앞단에 ATS, STS 또는 배전반 배치</translation>
    </message>
    <message>
        <source>rack</source>
        <translation>랙</translation>
    </message>
    <message>
        <source>rack_pdu</source>
        <translation>랙 PDU</translation>
    </message>
    <message>
        <source>raise one set point or lower the other</source>
        <translation>한쪽 설정값을 올리거나 다른 쪽을 낮춤</translation>
    </message>
    <message>
        <source>raise supply_c, or load the unit less</source>
        <translation>supply_c를 올리거나 장비 부하를 줄임</translation>
    </message>
    <message>
        <source>reaches {depth} m into {kind_word} {id}, 0.00 m is the limit</source>
        <translation>{kind_word} {id} 안으로 {depth} m 침범, 한계 0.00 m</translation>
    </message>
    <message>
        <source>ready in {span} s</source>
        <translation>{span} s 뒤 준비 완료</translation>
    </message>
    <message>
        <source>rectifier</source>
        <translation>정류기</translation>
    </message>
    <message>
        <source>repaired</source>
        <translation>복구</translation>
    </message>
    <message>
        <source>row</source>
        <translation>열</translation>
    </message>
    <message>
        <source>rpp</source>
        <translation>원격 분전반(RPP)</translation>
    </message>
    <message>
        <source>runs at speed and takes load</source>
        <translation>정격 속도 도달, 부하 투입</translation>
    </message>
    <message>
        <source>serve fewer racks from it, or fewer links each</source>
        <translation>담당 랙 수나 랙당 링크 수를 줄임</translation>
    </message>
    <message>
        <source>serves 0 loops, so its pumps have no path for any flow; 1 is needed</source>
        <translation>담당 계통 0개로 펌프 유로 없음, 1개 필요</translation>
    </message>
    <message>
        <source>serves loop {loop} and hangs on it too, so its heat has no way out</source>
        <translation>{loop} 계통을 담당하면서 같은 계통에 연결되어 열이 나갈 곳 없음</translation>
    </message>
    <message>
        <source>serves loop {loop} with 0 racks that give heat to coolant, so nothing takes its flow</source>
        <translation>담당 계통 {loop}에 액랭 랙 0대, 유량 사용처 없음</translation>
    </message>
    <message>
        <source>set rejects_to</source>
        <translation>rejects_to 지정</translation>
    </message>
    <message>
        <source>set serves to a coolant loop</source>
        <translation>serves를 냉각액 계통으로 지정</translation>
    </message>
    <message>
        <source>set volume_m3, or seconds left after a loss of flow rest on an estimate</source>
        <translation>volume_m3 입력, 없으면 유량 상실 후 남은 시간은 추정값</translation>
    </message>
    <message>
        <source>spread its servers over more racks</source>
        <translation>서버를 더 많은 랙에 분산</translation>
    </message>
    <message>
        <source>spread the load</source>
        <translation>하중 분산</translation>
    </message>
    <message>
        <source>stands outside the room: it spans x {a} to {b} m, y {c} to {d} m, the room x {e} to {f} m, y {g} to {h} m</source>
        <translation>전산실 밖에 있음: x {a}~{b} m, y {c}~{d} m, 전산실은 x {e}~{f} m, y {g}~{h} m</translation>
    </message>
    <message>
        <source>sts</source>
        <translation>STS</translation>
    </message>
    <message>
        <source>supplies {a} °C and draws {b} °C: it heats the room</source>
        <translation>급기 {a} °C, 환기 {b} °C: 전산실을 데우는 상태</translation>
    </message>
    <message>
        <source>swings by {step} kW within {span} s, it bears {bears} kW</source>
        <translation>{span} s 안에 {step} kW 변동, 허용 {bears} kW</translation>
    </message>
    <message>
        <source>switch</source>
        <translation>스위치</translation>
    </message>
    <message>
        <source>switch off in {span} s</source>
        <translation>{span} s 뒤 차단</translation>
    </message>
    <message>
        <source>switchboard</source>
        <translation>배전반</translation>
    </message>
    <message>
        <source>switched itself off: too hot</source>
        <translation>과열로 스스로 꺼짐</translation>
    </message>
    <message>
        <source>take it as the error of every inlet</source>
        <translation>모든 흡기의 오차로 봄</translation>
    </message>
    <message>
        <source>take means over rows, not single racks; larger cells and contained aisles settle sooner</source>
        <translation>랙 하나가 아니라 열 평균으로 봄; 격자를 키우거나 복도를 밀폐하면 더 빨리 안정됨</translation>
    </message>
    <message>
        <source>take something out</source>
        <translation>장비 일부 제거</translation>
    </message>
    <message>
        <source>takes the heat of {names} and has 0 chillers, towers or dry coolers, 1 is needed</source>
        <translation>{names}의 열을 받지만 냉동기·냉각탑·드라이쿨러 0대, 1대 필요</translation>
    </message>
    <message>
        <source>takes the heat of {names} and has nothing on it: its water comes from outside the drawing</source>
        <translation>{names}의 열을 받지만 설비 없음: 냉수는 도면 밖에서 공급</translation>
    </message>
    <message>
        <source>takes {source} after {gap}</source>
        <translation>{gap} 뒤 {source} 측으로 절체</translation>
    </message>
    <message>
        <source>transformer</source>
        <translation>변압기</translation>
    </message>
    <message>
        <source>ups</source>
        <translation>UPS</translation>
    </message>
    <message>
        <source>utility</source>
        <translation>상용전원</translation>
    </message>
    <message>
        <source>wait for the settled picture</source>
        <translation>정상해 결과 대기</translation>
    </message>
    <message>
        <source>wait for the settled picture, or contain</source>
        <translation>정상해 결과를 기다리거나 밀폐</translation>
    </message>
    <message>
        <source>wait for the settled picture, or contain the aisle</source>
        <translation>정상해 결과를 기다리거나 복도 밀폐</translation>
    </message>
    <message>
        <source>wall</source>
        <translation>벽</translation>
    </message>
    <message>
        <source>warms by {rise} K under {heat}, {limit} K is the most</source>
        <translation>{heat}에서 온도 상승 {rise} K, 최대 {limit} K</translation>
    </message>
    <message>
        <source>widen the aisle or turn the rack</source>
        <translation>복도를 넓히거나 랙 방향 변경</translation>
    </message>
    <message>
        <source>would carry {load} ({share}) if {lost} fails, it is rated {limit}</source>
        <translation>{lost} 고장 시 부하 {load}({share}), 정격 {limit}</translation>
    </message>
    <message>
        <source>would carry {load} ({share}), it is rated {limit}</source>
        <translation>부하 {load}({share}), 정격 {limit}</translation>
    </message>
    <message>
        <source>would carry {phases}: {off} off the mean, {limit} is the limit</source>
        <translation>상별 부하 {phases}: 평균과 차이 {off}, 한계 {limit}</translation>
    </message>
    <message>
        <source>would draw {load} ({share}) on side {side} if side {other} fails, its rack PDUs carry {limit}</source>
        <translation>{other} 측 고장 시 {side} 측 부하 {load}({share}), 랙 PDU 용량 {limit}</translation>
    </message>
    <message>
        <source>would draw {load} ({share}) on side {side}, its rack PDUs carry {limit}</source>
        <translation>{side} 측 부하 {load}({share}), 랙 PDU 용량 {limit}</translation>
    </message>
    <message>
        <source>would need {n} ports, it has {limit}</source>
        <translation>필요 포트 {n}개, 보유 {limit}개</translation>
    </message>
    <message>
        <source>{box} in units {a} to {b} collides with {other} in units {c} to {d}</source>
        <translation>{box}(U{a}~U{b}), {other}(U{c}~U{d}) 위치 중복</translation>
    </message>
    <message>
        <source>{box} is {a} m deep, the rack {b} m</source>
        <translation>{box} 깊이 {a} m, 랙 깊이 {b} m</translation>
    </message>
    <message>
        <source>{box} takes units {low} to {top}, the rack has {n}</source>
        <translation>{box}: U{low}~U{top} 차지, 랙은 {n} U</translation>
    </message>
    <message>
        <source>{cause}: at this heat chips of {rack} throttle in {span} s and {end}</source>
        <translation>{cause}: 현재 발열로 {rack} 칩은 {span} s 뒤 클럭 제한, {end}</translation>
    </message>
    <message>
        <source>{cause}: no chip gets too hot within ten minutes at this heat</source>
        <translation>{cause}: 현재 발열로는 10분 안에 과열되는 칩 없음</translation>
    </message>
    <message>
        <source>{device} has 0 ratings, so no overload of it can be seen</source>
        <translation>{device}: 정격이 없어 과부하를 판정할 수 없음</translation>
    </message>
    <message>
        <source>{device} has losses but 0 ratings, 1 is needed to scale them</source>
        <translation>{device}: 손실은 있으나 정격 없음, 손실 환산에 1개 필요</translation>
    </message>
    <message>
        <source>{device}: {n} value is an estimate, not published ({names})</source>
        <translation>{device}: 미공개로 추정값 {n}개({names})</translation>
    </message>
    <message>
        <source>{device}: {n} values are estimates, not published ({names})</source>
        <translation>{device}: 미공개로 추정값 {n}개({names})</translation>
    </message>
    <message>
        <source>{field} names {name}, there is no such {wanted_word}</source>
        <translation>{field}: {name}, 없는 대상({wanted_word})</translation>
    </message>
    <message>
        <source>{list} and {n} more</source>
        <translation>{list} 외 {n}개</translation>
    </message>
    <message>
        <source>{name}: replica {slot} is ready; {up} of {n} awake</source>
        <translation>{name}: 복제본 {slot} 준비 완료, {n}개 중 {up}개 동작</translation>
    </message>
    <message>
        <source>{name}: replica {slot} sleeps; {up} of {n} awake</source>
        <translation>{name}: 복제본 {slot} 절전, {n}개 중 {up}개 동작</translation>
    </message>
    <message>
        <source>{name}: replica {slot} wakes and is ready in {span} s; {up} of {n} awake</source>
        <translation>{name}: 복제본 {slot} 기동, {span} s 뒤 준비 완료, {n}개 중 {up}개 동작</translation>
    </message>
    <message>
        <source>{now} kW, cap {limit} kW: clocks at {clock} % of nominal</source>
        <translation>{now} kW, 상한 {limit} kW: 클럭 정격의 {clock} %</translation>
    </message>
    <message>
        <source>{now} kW, cap {limit} kW: not held even at {clock} % of the clock</source>
        <translation>{now} kW, 상한 {limit} kW: 클럭 {clock} %에서도 초과</translation>
    </message>
    <message>
        <source>{n} coolant loops have a volume of 0 m3 drawn ({names}), each needs one</source>
        <translation>냉각액 계통 {n}개의 보유 수량 0 m3({names}), 각각 입력 필요</translation>
    </message>
    <message>
        <source>{n} inlets pass {limit} °C, up to {most} °C: air goes round from rear to front with little fresh air, which jets and buoyancy, left out here, would break up; no figure of this room is to be believed</source>
        <translation>흡기 {limit} °C 초과 {n}곳, 최고 {most} °C: 배기가 새 공기 없이 앞으로 되돌아옴. 계산에서 뺀 제트와 부력이 이를 흩뜨리므로 이 전산실의 수치는 믿을 수 없음</translation>
    </message>
    <message>
        <source>{n} racks breathe from open aisles, {m} at the ends of rows: potential flow misses CFD by 1 K RMS there, by up to 2 K at row ends and 3 K in the upper third, so no hottest rack is named</source>
        <translation>밀폐되지 않은 복도에서 흡기하는 랙 {n}대, 열 끝 {m}대: 퍼텐셜 유동 오차가 CFD 대비 RMS 1 K, 열 끝 최대 2 K, 상부 1/3 최대 3 K이므로 가장 뜨거운 랙을 지정하지 않음</translation>
    </message>
    <message>
        <source>{n} requests are lost</source>
        <translation>요청 {n}건 유실</translation>
    </message>
    <message>
        <source>{n} requests begin again elsewhere</source>
        <translation>요청 {n}건 다른 곳에서 다시 시작</translation>
    </message>
    <message>
        <source>{n} tiles lie under bodies and give no air: {names}</source>
        <translation>장비 밑에서 급기하지 못하는 타공판 {n}장: {names}</translation>
    </message>
    <message>
        <source>{part_word} failed</source>
        <translation>{part_word} 고장</translation>
    </message>
    <message>
        <source>{part_word} repaired</source>
        <translation>{part_word} 복구</translation>
    </message>
    <message>
        <source>{share} of {rated} kW, curve {curve}</source>
        <translation>{rated} kW의 {share}, 곡선 {curve}</translation>
    </message>
    <message>
        <source>{share} of {rated} kW: gives up, on its bypass if it has input</source>
        <translation>{rated} kW의 {share}: 정지, 입력이 있으면 바이패스</translation>
    </message>
    <message>
        <source>{side} at {node}</source>
        <translation>{side}: {node}</translation>
    </message>
    <message>
        <source>{side} at {node} and {side2} at {node2}</source>
        <translation>{side}: {node}, {side2}: {node2}</translation>
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
