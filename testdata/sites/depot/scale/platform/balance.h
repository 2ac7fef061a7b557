int balance(void);
