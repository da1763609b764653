"""The catalogue as data: its rows, its structural checks and its hash. Reading the files: `warehouse.catalogue`."""
