// SPDX-License-Identifier: GPL-2.0-only

// http_server PORT DIRECTORY serves the files of a directory until SIGTERM; http_server --version
// prints Go's version. Built without cgo, so that it is static and makes its system calls itself.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

func stopAtSignal(server *http.Server) <-chan error {
	stopped := make(chan error)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		<-signals
		stopped <- server.Shutdown(context.Background())
	}()
	return stopped
}

func main() {
	if os.Args[1] == "--version" {
		fmt.Println(runtime.Version())
		return
	}
	server := &http.Server{
		Addr:    "127.0.0.1:" + os.Args[1],
		Handler: http.FileServer(http.Dir(os.Args[2])),
	}
	stopped := stopAtSignal(server)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	if err := <-stopped; err != nil {
		log.Fatal(err)
	}
}
