count() { wc -l; }
