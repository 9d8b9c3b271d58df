// Renders a chart as `helm template` does, for the tests: Go's text/template, sprig and sigs.k8s.io/yaml
// are the libraries that Helm itself renders with, here as Debian packages them. Of Helm's own functions
// it has those that the chart uses; one that it lacks is an error, not an empty string.
//
// In: RELEASE NAMESPACE CHART-DIRECTORY [VALUES-FILE]. Out: YAML documents.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) < 4 {
		fail(fmt.Errorf("usage: render RELEASE NAMESPACE CHART-DIRECTORY [VALUES-FILE]"))
	}
	out, err := render(os.Args[1], os.Args[2], os.Args[3], os.Args[4:])
	if err != nil {
		fail(err)
	}
	fmt.Print(out)
}

func render(release, namespace, chart string, valuesFiles []string) (string, error) {
	values, err := read(filepath.Join(chart, "values.yaml"))
	if err != nil {
		return "", err
	}
	for _, file := range valuesFiles {
		more, err := read(file)
		if err != nil {
			return "", err
		}
		merge(values, more)
	}
	meta, err := read(filepath.Join(chart, "Chart.yaml"))
	if err != nil {
		return "", err
	}
	// Helm gives Chart.yaml's fields with a capital letter.
	about := map[string]interface{}{}
	for name, value := range meta {
		about[strings.ToUpper(name[:1])+name[1:]] = value
	}
	top := map[string]interface{}{
		"Values":  values,
		"Chart":   about,
		"Release": map[string]interface{}{"Name": release, "Namespace": namespace, "Service": "Helm"},
	}
	return execute(chart, top)
}

func execute(chart string, top map[string]interface{}) (string, error) {
	all := template.New("chart").Option("missingkey=error")
	functions := sprig.TxtFuncMap()
	functions["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	all.Funcs(functions)
	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		if _, err := all.New(filepath.Base(file)).Parse(string(text)); err != nil {
			return "", err
		}
	}
	var out bytes.Buffer
	for _, file := range files {
		name := filepath.Base(file)
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		out.WriteString("---\n")
		if err := all.ExecuteTemplate(&out, name, top); err != nil {
			return "", err
		}
		out.WriteString("\n")
	}
	return out.String(), nil
}

// Maps are merged, everything else is replaced, as Helm does.
func merge(values, more map[string]interface{}) {
	for name, value := range more {
		inner, isMap := value.(map[string]interface{})
		below, wasMap := values[name].(map[string]interface{})
		if isMap && wasMap {
			merge(below, inner)
		} else {
			values[name] = value
		}
	}
}

func read(file string) (map[string]interface{}, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	values := map[string]interface{}{}
	document, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return values, json.Unmarshal(document, &values)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
