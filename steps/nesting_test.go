package steps

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// TestNoStepCallsAStep keeps the house's rule: steps share helpers, not each
// other, so that a sentence means one thing.
func TestNoStepCallsAStep(t *testing.T) {
	files := token.NewFileSet()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var parsed []*ast.File
	for _, name := range sources {
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	isStep := map[string]bool{}
	eachCall := func(see func(*ast.CallExpr)) {
		for _, file := range parsed {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, isCall := n.(*ast.CallExpr); isCall {
					see(call)
				}
				return true
			})
		}
	}
	eachCall(func(call *ast.CallExpr) {
		name, isName := call.Fun.(*ast.Ident)
		if !isName || len(call.Args) != 2 || name.Name != "given" && name.Name != "when" && name.Name != "then" {
			return
		}
		if method, isMethod := call.Args[1].(*ast.SelectorExpr); isMethod {
			isStep[method.Sel.Name] = true
		}
	})
	if len(isStep) < 100 {
		t.Fatalf("found only %d steps", len(isStep))
	}
	eachCall(func(call *ast.CallExpr) {
		method, isMethod := call.Fun.(*ast.SelectorExpr)
		if !isMethod || !isStep[method.Sel.Name] {
			return
		}
		if on, isName := method.X.(*ast.Ident); isName && on.Name == "w" {
			t.Errorf("%s: calls the step %s", files.Position(call.Pos()), method.Sel.Name)
		}
	})
}
