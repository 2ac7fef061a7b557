<?= $this->element('orders/heading') ?>
<?= $this->element('badge') ?>
