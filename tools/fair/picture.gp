# SPDX-License-Identifier: GPL-2.0-only
# Draws the picture of make fair, as SVG on standard output. Variables: data, the file that xpoll-fair wrote; kernel,
# the kernel's name.
set terminal svg size 1000,600 noenhanced font "sans-serif,13" background "#ffffff"
stats data index 0 using 1 name "rows" nooutput
set multiplot
unset key
set border 1
set tics nomirror
set yrange [rows_max + 0.6:-0.6]
set style fill solid 0.9 border rgb "#ffffff"
set palette defined (0 "#08519c", 3 "#4292c6", 7 "#c6dbef")
unset colorbox
set tmargin at screen 0.93
set bmargin at screen 0.12
set ytics scale 0

set lmargin at screen 0.24
set rmargin at screen 0.68
set xrange [0:100]
set title sprintf("How workers share connections: Linux %s", kernel)
set xlabel "connections of each worker, the busiest first (%)"
plot data index 0 using 2:1:2:3:($1-0.36):($1+0.36):4:ytic(5) with boxxyerror palette

set lmargin at screen 0.74
set rmargin at screen 0.97
set format y ""
set xrange [0:60]
set title "Who waits if a worker hangs"
set xlabel "requests that waited for it (%)"
plot data index 1 using (0):1:(0):2:($1-0.36):($1+0.36) with boxxyerror fillcolor rgb "#cb181d", \
     data index 1 using 2:1:(sprintf(" %.0f", $2)) with labels left
unset multiplot
