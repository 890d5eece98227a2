module example.com/plugboard/border

go 1.24
