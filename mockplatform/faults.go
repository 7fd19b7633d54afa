package mockplatform

import (
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
)

// ParseFaultPlan reads a fault plan in YAML or JSON: {"faults":[…]} or the list
// alone. The error names all mistakes at once. Arm it with Control().ArmFaults.
func ParseFaultPlan(document []byte) (control.FaultPlan, error) {
	faults, err := fault.ParsePlan(document)
	return control.FaultPlan{Faults: faults}, err
}
