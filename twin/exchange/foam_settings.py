"""The settings of an OpenFOAM case of a room: solver, schemes, turbulence and how to run it."""

from __future__ import annotations

HEADER = (
    "FoamFile\n{{\n    version 2.0;\n    format ascii;\n    class {kind};\n    object {name};\n}}\n"
    "// Written by twin for buoyantBoussinesqPimpleFoam.\n"
)


def _dictionary(name: str, text: str) -> str:
    return HEADER.format(kind="dictionary", name=name) + text


_CONTROL = """application buoyantBoussinesqPimpleFoam;
startFrom latestTime;
startTime 0;
stopAt endTime;
endTime 180;
deltaT 0.05;
adjustTimeStep yes;
maxCo 2;
maxDeltaT 0.15;
writeControl adjustableRunTime;
writeInterval 30;
purgeWrite 2;
writeFormat ascii;
writePrecision 8;
timeFormat general;
runTimeModifiable yes;
functions
{
    means
    {
        type fieldAverage;
        libs ("libfieldFunctionObjects.so");
        timeStart 90;
        writeControl writeTime;
        fields
        (
            T { mean on; prime2Mean off; base time; }
            U { mean on; prime2Mean off; base time; }
        );
    }
}
"""
_SCHEMES = """ddtSchemes { default Euler; }
gradSchemes { default Gauss linear; limited cellLimited Gauss linear 1; }
divSchemes
{
    default none;
    div(phi,U) Gauss linearUpwind limited;
    div(phi,T) Gauss linearUpwind limited;
    div(phi,k) Gauss upwind;
    div(phi,epsilon) Gauss upwind;
    div((nuEff*dev2(T(grad(U))))) Gauss linear;
}
laplacianSchemes { default Gauss linear corrected; }
interpolationSchemes { default linear; }
snGradSchemes { default corrected; }
"""
_SOLUTION = """solvers
{
    "p_rgh|p_rghFinal" { solver GAMG; smoother GaussSeidel; tolerance 1e-6; relTol 0.01; }
    "(U|T|k|epsilon)" { solver PBiCGStab; preconditioner DILU; tolerance 1e-7; relTol 0.1; }
    "(U|T|k|epsilon)Final" { solver PBiCGStab; preconditioner DILU; tolerance 1e-8; relTol 0; }
}
PIMPLE
{
    momentumPredictor yes;
    nOuterCorrectors 1;
    nCorrectors 2;
    nNonOrthogonalCorrectors 0;
    pRefCell 0;
    pRefValue 0;
}
"""
_TRANSPORT = """transportModel Newtonian;
nu [0 2 -1 0 0 0 0] 1.5e-05;
beta [0 0 0 -1 0 0 0] 0.00339;
TRef [0 0 0 1 0 0 0] 295;
Pr [0 0 0 0 0 0 0] 0.71;
Prt [0 0 0 0 0 0 0] 0.85;
"""
_TURBULENCE = """simulationType RAS;
RAS { RASModel kEpsilon; turbulence on; printCoeffs on; }
"""
_GRAVITY = """dimensions [0 1 -2 0 0 0 0];
value (0 0 -9.81);
"""
_ALLRUN = """#!/bin/sh
# Checks the mesh and runs the room; the mean from 90 s on is what `twin openfoam --read` takes.
cd "${0%/*}" || exit 1
checkMesh > log.checkMesh 2>&1 || exit 1
buoyantBoussinesqPimpleFoam > log.run 2>&1
"""

DICTIONARIES: dict[str, str] = {
    "system/controlDict": _dictionary("controlDict", _CONTROL),
    "system/fvSchemes": _dictionary("fvSchemes", _SCHEMES),
    "system/fvSolution": _dictionary("fvSolution", _SOLUTION),
    "constant/transportProperties": _dictionary("transportProperties", _TRANSPORT),
    "constant/turbulenceProperties": _dictionary("turbulenceProperties", _TURBULENCE),
    "constant/g": HEADER.format(kind="uniformDimensionedVectorField", name="g") + _GRAVITY,
    "Allrun": _ALLRUN,
    "twin-openfoam": "This case was written by twin and may be written again.\n",
}
"""Path in the case and text of every file that is the same for all rooms."""
