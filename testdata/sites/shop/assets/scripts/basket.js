document.title = 'Basket';
