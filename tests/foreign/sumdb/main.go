// Reads a log directory with Go's own sumdb/note and sumdb/tlog, which know nothing of lokaal, and
// which verify every tile against the signed root before they use it.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// C2SP tlog-tiles leaves out the height, which is always 8, and calls level -1 "entries".
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	if tile.L == -1 {
		path = "entries/" + strings.TrimPrefix(path, "data/")
	}
	return filepath.Join("tile", path)
}

type directory string

func (d directory) Height() int { return height }

func (d directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(d), pathOf(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (d directory) SaveTiles([]tlog.Tile, [][]byte) {}

func (d directory) entries(size int64) ([][]byte, error) {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := int(size - n*256)
		if width > 256 {
			width = 256
		}
		path := pathOf(tlog.Tile{H: height, L: -1, N: n, W: width})
		bundle, err := os.ReadFile(filepath.Join(string(d), path))
		if err != nil {
			return nil, err
		}
		for i := 0; i < width; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s is cut off", path)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			all = append(all, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
		if len(bundle) > 0 {
			return nil, fmt.Errorf("%s is too long", path)
		}
	}
	return all, nil
}

func verifiers(policy string) note.Verifiers {
	var known []note.Verifier
	for _, line := range strings.Split(policy, "\n") {
		items := strings.Fields(line)
		if len(items) > 1 && items[0] == "log" {
			verifier, err := note.NewVerifier(items[1])
			check(err)
			known = append(known, verifier)
		}
	}
	return note.VerifierList(known...)
}

func treeOf(text string) tlog.Tree {
	lines := strings.Split(text, "\n")
	if len(lines) < 3 {
		check(fmt.Errorf("the checkpoint has too few lines"))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

func main() {
	dir := directory(os.Args[1])
	policy, err := os.ReadFile(filepath.Join(os.Args[1], "trust.policy"))
	check(err)
	text, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	check(err)
	signed, err := note.Open(text, verifiers(string(policy)))
	check(err)
	tree := treeOf(signed.Text)
	hashes := tlog.TileHashReader(tree, dir)
	entries, err := dir.entries(tree.N)
	check(err)
	for i, entry := range entries {
		leaf := tlog.RecordHash(entry)
		stored, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(i))})
		check(err)
		if stored[0] != leaf {
			check(fmt.Errorf("entry %d is not what the tiles say", i))
		}
		proof, err := tlog.ProveRecord(tree.N, int64(i), hashes)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), leaf))
	}
	for n := int64(1); n < tree.N; n += 37 {
		root, err := tlog.TreeHash(n, hashes)
		check(err)
		proof, err := tlog.ProveTree(tree.N, n, hashes)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, n, root))
	}
	fmt.Printf("%s: %d entries\n", signed.Sigs[0].Name, tree.N)
}
