import { basket } from './basket'
export const prices = basket.length
