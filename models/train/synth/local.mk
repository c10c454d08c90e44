EXTRA_DIST += models/train/realset.py models/train/realpictures.json models/train/synth/fonts models/train/synth/README.md \
	models/train/synth/__init__.py models/train/synth/sample.py models/train/synth/fonts.py \
	models/train/synth/degrade.py models/train/synth/preview.py \
	models/train/synth/business.py models/train/synth/canvas.py models/train/synth/marks.py \
	models/train/synth/printouts.py models/train/synth/questionnaires.py models/train/synth/studies.py \
	models/train/synth/tabulations.py \
	models/train/synth/office.py models/train/synth/others.py models/train/synth/pagefonts.py models/train/synth/pages.py \
	models/train/synth/prose.py models/train/synth/questions.py models/train/synth/records.py \
	models/train/synth/words.py \
	models/train/synth/pictures/__init__.py models/train/synth/pictures/canvas.py \
	models/train/synth/pictures/charts.py models/train/synth/pictures/codes.py \
	models/train/synth/pictures/diagrams.py models/train/synth/pictures/maps.py models/train/synth/pictures/formulas.py \
	models/train/synth/pictures/marks.py models/train/synth/pictures/others.py \
	models/train/synth/pictures/photos.py models/train/synth/pictures/plot.py \
	models/train/synth/pictures/screens.py models/train/synth/pictures/words.py

# How the samples that train the default model are made; skips where NumPy or Pillow is missing.
TESTS += tests/unit/synth-test.py
EXTRA_DIST += tests/unit/synth-test.py
