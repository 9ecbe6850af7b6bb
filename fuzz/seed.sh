#!/usr/bin/env bash
# Fills corpus/ with what each target starts from: samples that lie beside the project and are never copied into it, the project's own
# fixtures and rules, and a few lines of text. Run it from anywhere; it adds, and takes nothing away.
set -euo pipefail
cd "$(dirname "$0")"
SHARED="${VEEDOR_SHARED:-../../shared}"
scratch="$(mktemp)"
trap 'rm -f "$scratch"' EXIT
LARGEST=262144 # bytes of a seed: larger ones make every run slow

# put TARGET FILE…: copies files under names made of their contents, so that seeding twice changes nothing.
put() {
  local target="corpus/$1" file
  shift
  mkdir -p "$target"
  for file in "$@"; do
    [ -f "$file" ] && [ "$(stat -c %s "$file")" -le "$LARGEST" ] || continue
    cp "$file" "$target/$(sha256sum "$file" | cut -c1-16)"
  done
}

# say TARGET: copies standard input, a seed a line.
say() {
  local target="corpus/$1" line
  mkdir -p "$target"
  while IFS= read -r line; do
    printf '%s' "$line" >"$target/$(printf '%s' "$line" | sha256sum | cut -c1-16)"
  done
}

# some EXTENSION FOLDER…: up to 60 files of a kind, from all over the list of them.
some() {
  local extension="$1"
  shift
  for folder in "$@"; do
    [ -d "$folder" ] && find "$folder" -type f -iname "*.$extension" -size -256k
  done | sort | awk '{ all[NR] = $0 } END { step = int(NR / 61) + 1; for (n = 1; n <= NR; n += step) print all[n] }'
}

for kind in "html html" "html htm" "workbook xlsx" "workbook xls" "workbook ods" "csv csv" "pdf pdf" "zip zip" "zip docx" "zip odt" "sitemap xml"; do
  read -r target extension <<<"$kind"
  mapfile -t files < <(some "$extension" "$SHARED/portals" ../fixtures)
  put "$target" "${files[@]}" "$SHARED"/samples/*/*."$extension" ../fixtures/*/*."$extension"
done
mapfile -t files < <(find ../rules -name '*.yaml' | sort)
put rules "${files[@]}"
# Members of archives that the tests leave behind, if they ran.
put warc ../target/test-warcs/*.warc.gz

say csv <<'SEEDS'
Ejercicio;Fecha de inicio;Nota
Ejercicio,"Nombre, completo",Monto
SEEDS
say sitemap <<'SEEDS'
<?xml version="1.0"?><urlset><url><loc>https://portal.example/a</loc></url></urlset>
<rss><channel><item><link>https://portal.example/b</link><enclosure url="c.pdf"/></item></channel></rss>
SEEDS
printf 'User-agent: *\nDisallow: /privado\nCrawl-delay: 2\nSitemap: https://portal.example/s.xml\n' >"$scratch"
put robots "$scratch"
printf 'User-agent: veedor\nAllow: /*.pdf$\nUser-agent: *\nDisallow: /\n' >"$scratch"
put robots "$scratch"
printf 'pack: mx-x\ntitle: X\nobligations:\n  - id: "1"\n    title: Y\n' >"$scratch"
put rules "$scratch"
printf 'WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 3\r\nWARC-Block-Digest: sha256:%s\r\n\r\nabc\r\n\r\n' \
  "$(printf abc | sha256sum | cut -d' ' -f1)" >"$scratch"
put warc "$scratch"

say dates <<'SEEDS'
a los 30 días del mes de marzo de dos mil diecinueve
del 1 de enero al 31 de marzo de 2019
01/01/2019 - 31-3-19
1er y 2do trimestre de 2019, 4T18, enero-marzo 2020
Administración 2018-2021, ene-19, Sept. 2020
Municipio de Villa Hidalgo, Sonora
SEEDS
say personal <<'SEEDS'
CURP: HEGG560427MVZRRL04, RFC GODE-561231-GR8
CLABE 032 180 00011835971 9; tarjeta 4111 1111 1111 1111
NSS 12-34-56-7890-3, clave de elector GRLPJN80010109H100
SEEDS
# The targets run what the program runs.
cp ../Cargo.lock Cargo.lock
printf '%s seeds\n' "$(find corpus -type f | wc -l)"
