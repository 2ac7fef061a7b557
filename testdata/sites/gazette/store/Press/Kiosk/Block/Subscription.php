<?php

namespace Press\Kiosk\Block;

class Subscription extends Template
{
    protected $_template = 'Press_Kiosk::issues/subscription.phtml';

    public function toggle(): void
    {
        $this->setTemplate('Press_Kiosk::issues/renewal.phtml');
    }
}
