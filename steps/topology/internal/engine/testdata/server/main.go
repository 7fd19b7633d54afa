// Server stands in for the programs of this repository in the tests of package
// engine: it keeps a value in a file and ends in order on SIGTERM.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "broken" {
		fmt.Fprintln(os.Stderr, "server: broken on purpose")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	http.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET /args", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Args[1:]) })
	http.HandleFunc("GET /file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, r.FormValue("path")) })
	http.HandleFunc("POST /data", func(_ http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		if err := os.WriteFile("value", content, 0o600); err != nil {
			panic(err)
		}
	})
	http.HandleFunc("GET /via", func(w http.ResponseWriter, r *http.Request) {
		response, err := http.Get(r.FormValue("url"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer response.Body.Close()
		_, _ = io.Copy(w, response.Body)
	})
	server := &http.Server{Addr: ":80", ReadHeaderTimeout: time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	fmt.Println("server: listening")
	_ = server.ListenAndServe()
	<-ctx.Done()
	fmt.Println("server: ended in order")
}
