document.title = 'Notes';
