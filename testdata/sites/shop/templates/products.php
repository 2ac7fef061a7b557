<?php foreach ($products as $product): ?>
<p><?php echo $product; ?></p>
<?php endforeach; ?>
<?php include __DIR__ . '/pager.php'; ?>
