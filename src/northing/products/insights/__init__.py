"""What people save: questions, funnels, notes on charts; and finding them again."""
