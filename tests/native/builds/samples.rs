//! Programs that use what programs use.

/// A program: its name, what it is called with, and its files.
pub type Program = (&'static str, &'static [(&'static str, &'static str)]);

/// Commands that print, each the same whoever builds it.
pub const PRINTING: &[Program] = &[
    (
        "fmt, sort, time and strings",
        &[(
            "main.go",
            r#"package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"
)

type byLength []string

func (b byLength) Len() int           { return len(b) }
func (b byLength) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLength) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	words := strings.Fields("a ccc bb dddd")
	sort.Sort(sort.Reverse(byLength(words)))
	fmt.Printf("%q %v %+v %T\n", words, 1.5, struct{ A, B int }{1, 2}, errors.New("x"))
	fmt.Println(time.Duration(90)*time.Minute, time.Unix(0, 0).UTC().Format(time.RFC3339))
	fmt.Fprintln(os.Stderr, "to stderr")
	var m map[string]int
	defer func() { fmt.Println("recovered:", recover()) }()
	m["x"] = 1
}
"#,
        )],
    ),
    (
        "encoding/json and regexp",
        &[
            ("go.mod", "module example.com/json\n\ngo 1.21\n"),
            (
                "main.go",
                r#"package main

import (
	"encoding/json"
	"fmt"
	"regexp"
)

type point struct {
	X    int               `json:"x"`
	Name string            `json:"name,omitempty"`
	Tags map[string]*point `json:"tags"`
}

func main() {
	var p point
	err := json.Unmarshal([]byte(`{"x": 3, "tags": {"b": {"x": 4}, "a": null}}`), &p)
	out, _ := json.MarshalIndent(p, "", "  ")
	fmt.Println(err, string(out))
	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	fmt.Println(re.ReplaceAllString("bob@example.com, al@x.com", "$2:$1"))
}
"#,
            ),
        ],
    ),
    (
        "generics, iterators and goroutines",
        &[
            ("go.mod", "module g\n\ngo 1.24\n"),
            (
                "main.go",
                r#"package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
)

type list[T any] struct {
	value T
	next  *list[T]
}

func (l *list[T]) all() iter.Seq[T] {
	return func(yield func(T) bool) {
		for ; l != nil && yield(l.value); l = l.next {
		}
	}
}

func most[K comparable, V cmp.Ordered](m map[K]V) (best K) {
	var top V
	for k, v := range m {
		if v > top {
			best, top = k, v
		}
	}
	return best
}

func main() {
	var l *list[int]
	for i := range 4 {
		l = &list[int]{i, l}
	}
	fmt.Println(slices.Collect(l.all()), most(map[string]float64{"a": 1, "b": 2}))
	fmt.Println(slices.Sorted(maps.Keys(map[string]int{"y": 1, "x": 2})))
	var wait sync.WaitGroup
	results := make(chan int, 10)
	for i := range 10 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			results <- i * i
		}()
	}
	wait.Wait()
	close(results)
	sum := 0
	for r := range results {
		sum += r
	}
	fmt.Println(sum)
}
"#,
            ),
        ],
    ),
    (
        "several packages, internal, vendored, constrained, embedded",
        &[
            (
                "go.mod",
                "module example.com/app\n\ngo 1.22\n\nrequire github.com/x/shout v1.0.0\n",
            ),
            (
                "main.go",
                "package main\n\nimport (\n\t\"embed\"\n\t\"fmt\"\n\t\"io/fs\"\n\n\t\"example.com/app/internal/deep\"\n\t\"example.com/app/words\"\n\t\
                \"github.com/x/shout\"\n)\n\n//go:embed data all:hidden/*.txt\nvar files embed.FS\n\n//go:embed data/one.txt\nvar one string\n\n//go:embed data/big.bin\n\
                var big []byte\n\nfunc main() {\n\tfmt.Println(words.List(), deep.Number, shout.Out(\"hi\"), host, one, len(big))\n\t\
                fs.WalkDir(files, \".\", func(path string, d fs.DirEntry, err error) error {\n\t\tfmt.Println(path, d.IsDir())\n\t\treturn err\n\t})\n}\n",
            ),
            ("host_linux.go", "package main\n\nconst host = \"linux\"\n"),
            (
                "host_wasip1.go",
                "package main\n\nconst host = \"wasip1\"\n",
            ),
            (
                "host_tiny.go",
                "//go:build tinygo\n\npackage main\n\nconst host = \"tinygo\"\n",
            ),
            (
                "words/list.go",
                "package words\n\nimport \"example.com/app/internal/deep\"\n\nfunc List() []string { return []string{\"a\", deep.Text} }\n",
            ),
            (
                "words/list_test.go",
                "package words\n\nthis is not compiled\n",
            ),
            (
                "internal/deep/deep.go",
                "package deep\n\nconst Text, Number = \"deep\", 7\n",
            ),
            (
                "vendor/modules.txt",
                "# github.com/x/shout v1.0.0\n## explicit; go 1.18\ngithub.com/x/shout\n",
            ),
            (
                "vendor/github.com/x/shout/shout.go",
                "package shout\n\nimport \"strings\"\n\nfunc Out(s string) string { return strings.ToUpper(s) }\n",
            ),
            (
                "vendor/github.com/x/shout/shout_amd64.s",
                "TEXT \u{b7}x(SB)\n",
            ),
            ("data/one.txt", "one"),
            ("data/two.txt", "two\n"),
            ("data/big.bin", include_str!("samples.rs")),
            ("data/.hidden", "not embedded"),
            ("data/_hidden", "not embedded"),
            ("data/sub/three.txt", "three"),
            ("hidden/.four.txt", "four"),
        ],
    ),
];
