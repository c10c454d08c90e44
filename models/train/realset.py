#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real pictures of known class, made by common tools or found in public packages: for measuring, never for training.

    python3 realset.py --out DIR [--packages DIR] [--evaluation DIR] [--only SOURCE,...]

Writes CLASS-NNN.png and labels.json: [{"file", "label", "source"}]. A source whose tool is missing is left out and named
on stderr. Beside the standard library this needs Pillow, and takes what is there of: Matplotlib, seaborn, plotnine, Altair
with vl-convert, Plotly with kaleido, pygal with cairosvg, basemap, schemdraw, python-barcode, scikit-image,
scikit-learn, diagrams, chess (PyPI); gnuplot, R, Graphviz, zint, qrencode, chromium, rsvg-convert (Debian).
`--packages` holds unpacked Debian packages (dpkg-deb -x) with pictures in them: mate-backgrounds okular
dolphin konsole gimp-help-en libitpp-doc libvigraimpex-doc adwaita-icon-theme.
`--evaluation` holds PDFs with annotated regions: tables/docs, tables/truth, layout/docs, layout/truth.
Its pictures bear the classes of realpictures.json, which were given by eye: the document's SHA-256, then the picture's
place among the pictures of the document. There is no real source of signatures and stamps.
"""
import argparse
import glob
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile

from PIL import Image

WORDS = "alpha beta gamma delta north south east west red green blue January February March April Monday Friday cost profit".split()


class Collector:
    """Keeps pictures with their class; goes on where an earlier call into the same folder ended."""

    def __init__(self, folder, most):
        self.folder, self.most, self.rows, self.counts = folder, most, [], {}
        os.makedirs(folder, exist_ok=True)
        listing = os.path.join(folder, "labels.json")
        if os.path.exists(listing):
            with open(listing, encoding="utf-8") as file:
                self.rows = json.load(file)
        for row in self.rows:
            self.counts[row["label"]] = self.counts.get(row["label"], 0) + 1

    def add(self, label, image, source):
        if isinstance(image, (str, bytes)):
            image = Image.open(io.BytesIO(image) if isinstance(image, bytes) else image)
        if image.mode in ("RGBA", "LA", "P"):
            image = image.convert("RGBA")
            ground = Image.new("RGBA", image.size, "white")
            ground.alpha_composite(image)
            image = ground
        image = image.convert("RGB")
        if max(image.size) > 1024:
            image.thumbnail((1024, 1024), Image.LANCZOS)
        if min(image.size) < 10:
            return
        number = self.counts.get(label, 0)
        self.counts[label] = number + 1
        name = f"{label}-{number:03}.png"
        image.save(os.path.join(self.folder, name))
        self.rows.append({"file": name, "label": label, "source": source})

    def write(self):
        with open(os.path.join(self.folder, "labels.json"), "w", encoding="utf-8") as file:
            json.dump(self.rows, file, indent=0)


def data(chance, kind):
    size = chance.randint(3, 8)
    labels = chance.sample(WORDS, size)
    if kind == "long":
        size = chance.randint(20, 120)
        walk, values = 0.0, []
        for _ in range(size):
            walk += chance.gauss(0, 1)
            values.append(walk)
        return list(range(size)), values
    return labels, [round(chance.uniform(5, 100), 1) for _ in labels]


CHARTS = ("bar_chart", "line_chart", "pie_chart", "scatter_chart")


def with_matplotlib(keep, chance):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    styles = ["default"] * 5 + ["ggplot", "classic", "bmh", "fivethirtyeight", "grayscale", "dark_background", "seaborn-v0_8", "seaborn-v0_8-whitegrid", "Solarize_Light2"]
    for label in CHARTS:
        for at in range(12):
            with plt.style.context(styles[(at * 5 + len(label)) % len(styles)]):
                figure, axes = plt.subplots(figsize=(chance.uniform(3.2, 7), chance.uniform(2.6, 5)), dpi=chance.choice((72, 100, 150)))
                _draw(label, axes, chance, at)
                if chance.random() < .6:
                    axes.set_title(" ".join(chance.sample(WORDS, 2)))
                if label != "pie_chart" and chance.random() < .6:
                    axes.set_xlabel(chance.choice(WORDS))
                    axes.set_ylabel(chance.choice(WORDS))
                stream = io.BytesIO()
                figure.savefig(stream, bbox_inches="tight" if chance.random() < .5 else None)
                plt.close(figure)
            keep.add(label, stream.getvalue(), "matplotlib")
    for text in (r"$\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}$", r"$E = mc^2$", r"$\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}$",
                 r"$f(x) = \frac{1}{\sigma\sqrt{2\pi}} e^{-\frac{(x-\mu)^2}{2\sigma^2}}$", r"$\nabla \times \mathbf{B} = \mu_0 \mathbf{J}$",
                 r"$x_{1,2} = \frac{-b \pm \sqrt{b^2-4ac}}{2a}$", r"$\hat{\theta} = \arg\max_\theta \prod_i p(x_i|\theta)$", r"$a^2 + b^2 = c^2 \quad (3)$"):
        for family in ("cm", "stix", "dejavusans"):
            with plt.rc_context({"mathtext.fontset": family}):
                figure = plt.figure(figsize=(.01, .01), dpi=chance.choice((100, 200)))
                figure.text(0, 0, text, fontsize=chance.uniform(9, 20))
                stream = io.BytesIO()
                figure.savefig(stream, bbox_inches="tight", pad_inches=chance.uniform(.02, .2))
                plt.close(figure)
            if chance.random() < .5:
                keep.add("formula", stream.getvalue(), f"matplotlib {family}")


def _draw(label, axes, chance, at):
    labels, values = data(chance, "short")
    if label == "bar_chart":
        if at % 4 == 3:
            axes.hist([chance.gauss(0, 1) for _ in range(500)], bins=chance.randint(10, 40))
        elif at % 4 == 2:
            axes.barh(labels, values)
        elif at % 4 == 1:
            axes.bar(range(len(values)), values, .4, label="a", yerr=[3] * len(values) if at % 8 == 1 else None)
            axes.bar([x + .4 for x in range(len(values))], values[::-1], .4, label="b")
            axes.legend()
        else:
            axes.bar(labels, values)
            axes.tick_params(axis="x", rotation=chance.choice((0, 45)))
    elif label == "line_chart":
        for line in range(chance.randint(1, 4)):
            xs, ys = data(chance, "long") if at % 2 else (range(len(values)), [value + 10 * line for value in values])
            axes.plot(list(xs), ys, label=f"run {line}", marker=chance.choice((None, "o", "s")) if at % 2 == 0 else None, ls=chance.choice(("-", "--")))
        if chance.random() < .6:
            axes.legend()
        axes.grid(chance.random() < .4)
        if at == 5:
            axes.set_yscale("symlog")
    elif label == "pie_chart":
        axes.pie(values, labels=labels if at % 3 else None, autopct="%1.0f%%" if at % 2 else None, wedgeprops={"width": .4} if at % 4 == 3 else None)
        if at % 3 == 0:
            axes.legend(labels)
    else:
        for group in range(chance.randint(1, 3)):
            size, x, y = chance.randint(15, 150), chance.uniform(0, 8), chance.uniform(0, 8)
            axes.scatter([chance.gauss(x, 1) for _ in range(size)], [chance.gauss(y, 1) for _ in range(size)], s=chance.choice((8, 20, 36)),
                         label=f"group {group}", marker=chance.choice("ox^+"), alpha=chance.choice((1, .6)))
        if chance.random() < .5:
            axes.legend()


def with_seaborn(keep, chance):
    import matplotlib.pyplot as plt
    import seaborn
    for theme in ("darkgrid", "whitegrid", "white", "ticks"):
        seaborn.set_theme(style=theme)
        for label in ("bar_chart", "line_chart", "scatter_chart"):
            figure, axes = plt.subplots(figsize=(5, 3.6))
            labels, values = data(chance, "short")
            if label == "bar_chart":
                seaborn.barplot(x=labels, y=values, ax=axes)
            elif label == "line_chart":
                for _ in range(2):
                    xs, ys = data(chance, "long")
                    seaborn.lineplot(x=xs, y=ys, ax=axes)
            else:
                xs = [chance.random() for _ in range(80)]
                seaborn.regplot(x=xs, y=[x + chance.gauss(0, .2) for x in xs], ax=axes)
            stream = io.BytesIO()
            figure.savefig(stream)
            plt.close(figure)
            keep.add(label, stream.getvalue(), "seaborn")
    seaborn.reset_orig()


def with_plotnine(keep, chance):
    import pandas
    import plotnine as p9
    for theme in (p9.theme_gray(), p9.theme_bw(), p9.theme_minimal()):
        labels, values = data(chance, "short")
        frame = pandas.DataFrame({"x": labels, "y": values, "n": range(len(values))})
        cloud = pandas.DataFrame({"x": [chance.random() for _ in range(90)], "y": [chance.random() for _ in range(90)], "g": [chance.choice("abc") for _ in range(90)]})
        for label, plot in (("bar_chart", p9.ggplot(frame, p9.aes("x", "y", fill="x")) + p9.geom_col()),
                            ("line_chart", p9.ggplot(frame, p9.aes("n", "y")) + p9.geom_line() + p9.geom_point()),
                            ("scatter_chart", p9.ggplot(cloud, p9.aes("x", "y", color="g")) + p9.geom_point())):
            stream = io.BytesIO()
            (plot + theme).save(stream, format="png", width=5, height=3.5, dpi=110, verbose=False)
            keep.add(label, stream.getvalue(), "plotnine")


def with_altair(keep, chance):
    import altair
    import pandas
    import vl_convert
    for _ in range(3):
        labels, values = data(chance, "short")
        frame = pandas.DataFrame({"x": labels, "y": values, "n": range(len(values))})
        base = altair.Chart(frame, title=chance.choice(WORDS)).properties(width=chance.randint(180, 380), height=chance.randint(160, 280))
        for label, chart in (("bar_chart", base.mark_bar().encode(x="x", y="y")), ("line_chart", base.mark_line(point=True).encode(x="n:Q", y="y")),
                             ("pie_chart", base.mark_arc(innerRadius=chance.choice((0, 50))).encode(theta="y", color="x")),
                             ("scatter_chart", base.mark_point().encode(x="n:Q", y="y", color="x"))):
            keep.add(label, vl_convert.vegalite_to_png(chart.to_json(), scale=1.3), "altair")


def with_plotly(keep, chance):
    import plotly.graph_objects as go
    for template in ("plotly", "plotly_white", "simple_white"):
        labels, values = data(chance, "short")
        for label, trace in (("bar_chart", go.Bar(x=labels, y=values)), ("line_chart", go.Scatter(y=data(chance, "long")[1], mode="lines")),
                             ("pie_chart", go.Pie(labels=labels, values=values)),
                             ("scatter_chart", go.Scatter(x=[chance.random() for _ in range(60)], y=[chance.random() for _ in range(60)], mode="markers"))):
            figure = go.Figure(trace)
            figure.update_layout(template=template, title=chance.choice(WORDS), width=620, height=430)
            keep.add(label, figure.to_image(format="png"), "plotly")


def with_pygal(keep, chance):
    import cairosvg
    import pygal
    for kind, label in ((pygal.Bar, "bar_chart"), (pygal.HorizontalBar, "bar_chart"), (pygal.StackedBar, "bar_chart"), (pygal.Line, "line_chart"), (pygal.Pie, "pie_chart"), (pygal.Pie, "pie_chart")):
        labels, values = data(chance, "short")
        chart = kind(width=640, height=440, title=chance.choice(WORDS), disable_xml_declaration=True)
        if label == "pie_chart":
            for name, value in zip(labels, values):
                chart.add(name, value)
        else:
            chart.x_labels = labels
            for name in "AB":
                chart.add(name, [value * chance.uniform(.5, 1.5) for value in values])
        keep.add(label, cairosvg.svg2png(chart.render()), "pygal")


def run(*command, text=None, timeout=90):
    return subprocess.run(command, input=text.encode() if text else None, capture_output=True, check=True, timeout=timeout).stdout


def with_gnuplot(keep, chance):
    for at in range(5):
        labels, values = data(chance, "short")
        head = f"set terminal pngcairo size {chance.randint(360, 720)},{chance.randint(280, 500)}{' monochrome' if at == 4 else ''}\n"
        head += f"set title '{chance.choice(WORDS)}'\n" if chance.random() < .6 else ""
        head += "set grid\n" if at % 2 else ""
        bars = "$d << E\n" + "\n".join(f"{name} {value}" for name, value in zip(labels, values)) + "\nE\n"
        walk = "$d << E\n" + "\n".join(f"{x} {y}" for x, y in zip(*data(chance, "long"))) + "\nE\n"
        keep.add("bar_chart", run("gnuplot", text=head + bars + f"set style fill {chance.choice(('solid', 'pattern 2'))}\nset boxwidth 0.7\nset yrange [0:*]\nplot $d using 2:xtic(1) with boxes title 'cost'\n"), "gnuplot")
        keep.add("line_chart", run("gnuplot", text=head + walk + f"plot $d with {chance.choice(('lines', 'linespoints'))} title 'run', 0.05*x with lines\n"), "gnuplot")
        cloud = "$d << E\n" + "\n".join(f"{chance.gauss(3, 1)} {chance.gauss(5, 2)}" for _ in range(90)) + "\nE\n"
        keep.add("scatter_chart", run("gnuplot", text=head + cloud + f"plot $d with points pt {chance.choice((1, 2, 6, 7))} title 'data'\n"), "gnuplot")
    for surface in ("x*x-y*y", "sin(x)*cos(y)"):
        keep.add("other", run("gnuplot", text=f"set terminal pngcairo size 480,360\nset isosamples 30\nsplot {surface} with lines\n"), "gnuplot surface")


def with_r(keep, chance):
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for at in range(4):
            labels, values = data(chance, "short")
            names, numbers = ",".join(f"'{name}'" for name in labels), ",".join(map(str, values))
            for label, code in (("bar_chart", f"barplot(c({numbers}),names.arg=c({names}),col={at + 1},main='{labels[0]}')"),
                                ("bar_chart", f"hist(rnorm(300),main='{labels[1]}',col={'gray' if at % 2 else 'white'!r})"),
                                ("line_chart", f"plot(cumsum(rnorm(80)),type='{'l' if at % 2 else 'b'}',xlab='time',ylab='{labels[0]}')"),
                                ("pie_chart", f"pie(c({numbers}),labels=c({names}),main='{labels[0]}')"),
                                ("scatter_chart", "plot(iris[,1:2],col=iris$Species,pch=19)" if at % 2 else "plot(cars);abline(lm(dist~speed,cars))")):
                file = os.path.join(folder, f"{len(jobs)}.png")
                jobs.append((label, file, f"png('{file}',width={chance.randint(360, 640)},height={chance.randint(320, 520)});{code};dev.off()"))
        for name, code in (("map", "contour(volcano)"), ("map", "filled.contour(volcano,color.palette=terrain.colors)"), ("map", "image(volcano,col=terrain.colors(30));contour(volcano,add=T)")):
            file = os.path.join(folder, f"{len(jobs)}.png")
            jobs.append((name, file, f"png('{file}',width=480,height=420);{code};dev.off()"))
        run("R", "--vanilla", "--quiet", "--no-echo", text="set.seed(4)\n" + "\n".join(code for _, _, code in jobs) + "\n", timeout=200)
        for label, file, _ in jobs:
            keep.add(label, file, "R")


def with_graphviz(keep, chance):
    for at in range(16):
        engine, directed = chance.choice(("dot", "dot", "dot", "neato", "circo", "fdp")), chance.random() < .7
        names = chance.sample(WORDS + ["Start", "End", "Database", "Server", "Parse input", "Check", "Send mail"], chance.randint(4, 12))
        shape, arrow = chance.choice(("box", "ellipse", "circle", "diamond", "record", "cylinder", "plaintext")), "->" if directed else "--"
        edges = "".join(f'"{chance.choice(names[:index])}" {arrow} "{names[index]}"' + (f' [label="{chance.choice(WORDS)}"]' if chance.random() < .2 else "") + ";" for index in range(1, len(names)))
        edges += "".join(f'"{chance.choice(names)}" {arrow} "{chance.choice(names)}";' for _ in range(chance.randint(0, 4)))
        style = f'node [shape={shape}{", style=filled, fillcolor=" + chance.choice(("lightblue", "lightgrey", "gold")) if chance.random() < .5 else ""}];'
        source = f'{"digraph" if directed else "graph"} g {{rankdir={chance.choice(("TB", "LR"))};{style}{edges}}}'
        keep.add("diagram", run(engine, "-Tpng", f"-Gdpi={chance.choice((60, 96))}", text=source), f"graphviz {engine}")


def with_schemdraw(keep, chance):
    import matplotlib
    matplotlib.use("Agg")
    import schemdraw
    import schemdraw.elements as elm
    from schemdraw import flow
    schemdraw.use("matplotlib")
    for at in range(6):
        with schemdraw.Drawing(show=False) as drawing:
            if at < 4:
                drawing += elm.SourceV().up().label("10V")
                for kind in chance.sample((elm.Resistor, elm.Capacitor, elm.Inductor, elm.Diode), 2):
                    drawing += kind().right().label(chance.choice(("R1", "C2", "L1", "47k")))
                drawing += chance.choice((elm.Resistor, elm.Capacitor))().down().label("R2")
                drawing += elm.Line().left()
                drawing += elm.Line().left()
                drawing += elm.Ground()
            else:
                drawing += flow.Start().label("Start")
                drawing += flow.Arrow().down()
                drawing += flow.Box().label(chance.choice(WORDS))
                drawing += flow.Arrow().down()
                drawing += flow.Decision(E="no", S="yes").label("ok?")
                drawing += flow.Arrow().down()
                drawing += flow.Terminal().label("End")
        keep.add("diagram", drawing.get_imagedata("png"), "schemdraw")


def with_basemap(keep, chance):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from mpl_toolkits.basemap import Basemap
    views = [("cyl", -12, 34, 40, 62), ("merc", -130, 20, -60, 55), ("merc", 60, -10, 150, 55), ("cyl", -180, -90, 180, 90), ("merc", -85, -56, -30, 14),
             ("merc", -20, -36, 55, 38), ("cyl", 110, -48, 180, -5), ("merc", 5, 36, 20, 48), ("cyl", -10, 49, 3, 60), ("merc", 19, 34, 30, 42), ("robin",), ("ortho",)]
    for at, view in enumerate(views * 2):
        figure = plt.figure(figsize=(chance.uniform(3, 5.5), chance.uniform(3, 4.5)))
        if len(view) == 1:
            drawn = Basemap(projection=view[0], lon_0=chance.randint(-90, 90), lat_0=20, resolution="c")
        else:
            name, west, south, east, north = view
            drawn = Basemap(projection=name, llcrnrlon=west, llcrnrlat=south, urcrnrlon=east, urcrnrlat=north, resolution="c" if east - west > 60 else "l")
        manner = at % 4
        drawn.drawcoastlines(linewidth=.6)
        if manner in (0, 2):
            drawn.drawcountries(linewidth=.5)
        if manner in (1, 2):
            drawn.drawmapboundary(fill_color="lightblue")
            drawn.fillcontinents(color=chance.choice(("tan", "lightgreen", "#eeeedd")), lake_color="lightblue")
        if manner == 3:
            drawn.drawparallels(range(-90, 91, 10), labels=[1, 0, 0, 0])
            drawn.drawmeridians(range(-180, 181, 20), labels=[0, 0, 0, 1])
        if len(view) > 1 and chance.random() < .6:
            for _ in range(5):
                x, y = drawn(chance.uniform(view[1], view[3]), chance.uniform(view[2], view[4]))
                plt.plot(x, y, "ro", ms=4)
                plt.text(x, y, " " + chance.choice(WORDS), fontsize=8)
        stream = io.BytesIO()
        figure.savefig(stream, bbox_inches="tight", dpi=chance.choice((80, 120)))
        plt.close(figure)
        keep.add("map", stream.getvalue(), "basemap (GSHHG)")


def with_barcodes(keep, chance):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "code.png")
        for kind, text in (("20", "DOC-12345"), ("13", "401234567890"), ("8", "CODE39"), ("3", "12345678901234"), ("20", "Parcel 0099"), ("71", "matrix 4711"), ("71", "0" * 40),
                           ("55", "a stacked code of some length"), ("58", "https://example.org"), ("58", "WIFI:S:net;T:WPA;P:secret;;" * 3), ("92", "aztec text"), ("34", "036000291452"),
                           ("37", "01234565"), ("57", "maxicode sample"), ("63", "7311271050123"), ("84", "micropdf"), ("97", "micro"), ("40", "12345")):
            try:
                run("zint", "-b", kind, "-o", file, "-d", text, f"--scale={chance.choice((1, 1.5, 2))}", *(("--whitesp=4",) if chance.random() < .4 else ()), *(("--notext",) if chance.random() < .2 else ()))
            except subprocess.CalledProcessError:
                continue
            keep.add("barcode", file, f"zint {kind}")
        for text in ("hello", "https://www.example.org/path?id=" + "7" * 40, "BEGIN:VCARD" + "x" * 200):
            keep.add("barcode", run("qrencode", "-o", "-", "-s", str(chance.randint(2, 8)), "-m", str(chance.randint(0, 4)), text), "qrencode")
    import barcode
    from barcode.writer import ImageWriter
    for kind, text in (("ean13", "590123412345"), ("code128", "ABC-999"), ("code39", "HELLO"), ("isbn13", "978316148410"), ("upca", "12345678901"), ("ean8", "1234567"), ("itf", "12345678")):
        stream = io.BytesIO()
        barcode.get(kind, text, writer=ImageWriter()).write(stream)
        keep.add("barcode", stream.getvalue(), f"python-barcode {kind}")


def with_images(keep, chance):
    import skimage
    import sklearn
    photographs = [os.path.join(os.path.dirname(skimage.__file__), "data", name + ".png") for name in
                   ("coffee", "camera", "astronaut", "brick", "gravel", "grass", "motorcycle_left", "moon", "chelsea", "coins", "clock_motion")]
    photographs += [os.path.join(os.path.dirname(skimage.__file__), "data", name + ".jpg") for name in ("hubble_deep_field", "rocket", "retina")]
    photographs += glob.glob(os.path.join(os.path.dirname(sklearn.__file__), "datasets", "images", "*.jpg"))
    for path in photographs:
        if os.path.exists(path):
            keep.add("photograph", path, os.path.basename(path))
    base = os.path.dirname(skimage.__file__)
    keep.add("logo", os.path.join(base, "data", "logo.png"), "scikit-image")
    for name in ("chessboard_RGB.png", "chessboard_GRAY.png", "horse.png"):
        keep.add("other", os.path.join(base, "data", name), name)


def with_logos(keep, chance):
    import diagrams
    folder = os.path.join(os.path.dirname(os.path.dirname(diagrams.__file__)), "resources")
    found = sorted(glob.glob(os.path.join(folder, "onprem", "*", "*.png")) + glob.glob(os.path.join(folder, "saas", "*", "*.png")) + glob.glob(os.path.join(folder, "programming", "*", "*.png")))
    generic = ("user", "client", "users", "server", "rack", "flowchart")
    found = [path for path in found if "flowchart" not in path and not any(os.path.basename(path).startswith(word) for word in generic)]
    for path in chance.sample(found, 26):
        keep.add("logo", path, "diagrams " + os.path.basename(path))


def with_packages(keep, chance, packages):
    def find(package, *patterns):
        return sorted(path for pattern in patterns for path in glob.glob(os.path.join(packages, package, "**", pattern), recursive=True) if os.path.isfile(path))
    for path in find("mate-backgrounds", "nature/*.jpg"):
        keep.add("photograph", path, os.path.basename(path))
    formulas = find("libitpp-doc", "form_*.png") + find("libvigraimpex-doc", "form_*.png")
    for path in chance.sample(formulas, min(len(formulas), 150)):
        width, height = Image.open(path).size
        if width > 70 and height > 12 and keep.counts.get("formula", 0) < keep.most + 8:
            keep.add("formula", path, "LaTeX in Doxygen")
    shots = find("okular", "en/**/*.png", "pl/okular/*.png") + find("dolphin", "HTML/*/dolphin/*.png") + find("konsole", "HTML/**/*.png") + find("gimp-help-en", "*-dialog.png", "*menu*.png", "dialogs/*.png")
    chance.shuffle(shots)
    for path in shots:
        width, height = Image.open(path).size
        if width > 220 and height > 150 and keep.counts.get("screenshot", 0) < keep.most:
            keep.add("screenshot", path, os.path.basename(path))
    classes = find("libvigraimpex-doc", "class*.png", "struct*.png") + find("libitpp-doc", "class*.png")
    for path in chance.sample(classes, min(8, len(classes))):
        keep.add("diagram", path, "Doxygen")
    icons = [path for path in find("adwaita-icon-theme", "scalable/**/*.svg", "symbolic/**/*.svg")]
    for path in chance.sample(icons, min(14, len(icons))):
        keep.add("other", run("rsvg-convert", "-w", "128", "--keep-aspect-ratio", path), "adwaita " + os.path.basename(path))


PAGES = (
    "<h1>Weather today</h1><p>Sunny with some clouds.</p><ul><li>Berlin 21</li><li>Paris 24</li></ul><button>More</button>",
    "<form style='width:420px'><h3>Sign in</h3>Name <input value='anna'><br><br>Password <input type=password value=abc><br><br><input type=checkbox checked> Remember me<br><br><button>Log in</button></form>",
    "<div style='background:#234;color:#fff;padding:20px;font:20px sans-serif'>Shop <span style='float:right'>Home&nbsp; Offers&nbsp; Cart (2)</span></div><div style='display:flex;gap:14px;padding:14px'>" +
    "".join(f"<div style='border:1px solid #ccc;width:150px;padding:8px'><div style='background:{c};height:90px'></div><b>Item</b><p>19.90</p><button>Add</button></div>" for c in ("#c66", "#6a6", "#66c")) + "</div>",
    "<body style='background:#111;color:#3f3;font:14px monospace'><pre>$ make check\nPASS: unit/one\nPASS: unit/two\nFAIL: unit/three\n$ _</pre>",
    "<div style='display:flex;font:14px sans-serif'><div style='width:160px;background:#eee;height:420px;padding:10px'>Inbox (4)<br>Sent<br>Drafts<br>Trash</div><div style='padding:10px'>" +
    "".join(f"<p><b>{n}</b> Re: the meeting on Monday<hr>" for n in ("Anna", "Peter", "Maria", "John")) + "</div></div>")


def with_chromium(keep, chance):
    sources = [("data", page) for page in PAGES]
    docs = sorted(glob.glob("/usr/share/doc/**/*.html", recursive=True))
    sources += [("file", path) for path in chance.sample(docs, min(6, len(docs)))]
    tables = []
    for _ in range(10):
        columns, rows = chance.randint(2, 6), chance.randint(3, 9)
        style = chance.choice(("border:1px solid #999", "border-bottom:1px solid #ccc", "border:none", "border:1px solid #000;font-family:monospace"))
        head = "".join(f"<th style='{style};padding:5px;background:{chance.choice(('#eee', '#fff', '#357;color:#fff'))}'>{chance.choice(WORDS)}</th>" for _ in range(columns))
        body = "".join("<tr>" + "".join(f"<td style='{style};padding:5px'>{chance.choice(WORDS) if not column else round(chance.uniform(0, 999), 1)}</td>" for column in range(columns)) + "</tr>" for _ in range(rows))
        tables.append(f"<body style='margin:6px'><table style='border-collapse:collapse'><tr>{head}</tr>{body}</table>")
    with tempfile.TemporaryDirectory() as folder:
        for label, (kind, page) in [("screenshot", source) for source in sources] + [("table_image", ("data", table)) for table in tables]:
            path = page
            if kind == "data":
                path = os.path.join(folder, "page.html")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(page)
            shot = os.path.join(folder, "shot.png")
            run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={shot}", f"--window-size={chance.choice(('640,480', '800,600', '900,560'))}", f"file://{path}", timeout=60)
            image = Image.open(shot).convert("RGB")
            if label == "table_image":
                box = Image.eval(image.convert("L"), lambda value: 255 - value).getbbox()
                image = image.crop((box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4))
            keep.add(label, image, "chromium")


def with_chess(keep, chance):
    import cairosvg
    import chess
    import chess.svg
    board = chess.Board()
    for at in range(4):
        for _ in range(5):
            board.push(chance.choice(list(board.legal_moves)))
        keep.add("other", cairosvg.svg2png(chess.svg.board(board, size=320).encode()), "python-chess")


def crop(pdf, page, box, dpi=110):
    """A region (points, origin at the top left) of a page."""
    image = Image.open(io.BytesIO(run("pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-png", pdf))) if pdf.endswith(".pdf") else Image.open(pdf)
    scale = dpi / 72 if pdf.endswith(".pdf") else image.info.get("dpi", (72,))[0] / 72
    return image.convert("RGB").crop([int(value * scale) for value in box])


def with_evaluation(keep, chance, folder):
    regions = []
    for path in sorted(glob.glob(os.path.join(folder, "tables", "truth", "*.json"))):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        regions += [(document["file"], table["page"], table["bbox"]) for table in document["tables"]]
    for name, page, box in chance.sample(regions, min(24, len(regions))):
        box = (box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4)
        keep.add("table_image", crop(os.path.join(folder, "tables", "docs", name), page, box), "ICDAR 2013 " + name)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "realpictures.json"), encoding="ascii") as file:
        known = json.load(file)
    for path in sorted(glob.glob(os.path.join(folder, "layout", "truth", "*.json"))):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        source = os.path.join(folder, "layout", "docs", document["file"])
        with open(source, "rb") as file:
            labels = known.get(hashlib.sha256(file.read()).hexdigest(), {})
        pictures = [(page["number"], region["bbox"]) for page in document["pages"] for region in page["regions"] if region["label"] == "picture"]
        for at, (page, box) in enumerate(pictures):
            if str(at) in labels:
                keep.add(labels[str(at)], crop(source, page, box), "document")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--packages")
    parser.add_argument("--evaluation")
    parser.add_argument("--per-class", type=int, default=36, help="about the most that is taken where a source has very many")
    parser.add_argument("--only", default="", help="the sources to take, separated by commas: matplotlib, r, packages, ...")
    options = parser.parse_args()
    keep = Collector(options.out, options.per_class)
    steps = [with_matplotlib, with_seaborn, with_plotnine, with_altair, with_plotly, with_pygal, with_gnuplot, with_r, with_graphviz,
             with_schemdraw, with_basemap, with_barcodes, with_images, with_logos, with_chess, with_chromium]
    steps = {step.__name__[5:]: step for step in steps}
    if options.packages:
        steps["packages"] = lambda keep, chance: with_packages(keep, chance, options.packages)
    if options.evaluation:
        steps["evaluation"] = lambda keep, chance: with_evaluation(keep, chance, options.evaluation)
    for name, step in steps.items():
        if options.only and name not in options.only.split(","):
            continue
        try:
            step(keep, random.Random(name))
        except Exception as error:      # a tool that is missing or fails leaves its part out
            print(f"realset: {name}: {type(error).__name__}: {error}", file=sys.stderr)
        keep.write()
    print(json.dumps(keep.counts, indent=1))


if __name__ == "__main__":
    main()
