# Times survreg on the rows of a csv (time, event, x1..xp): Rscript weibull.R FILE REPEATS
suppressPackageStartupMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
d <- read.csv(arguments[1]); repeats <- as.integer(arguments[2])
f <- Surv(time, event) ~ .
fit <- function() survreg(f, d, control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))
m <- fit()
begin <- proc.time()[["elapsed"]]
for (i in seq_len(repeats)) fit()
spent <- (proc.time()[["elapsed"]] - begin) / repeats
cat(sprintf("%.17g\n", c(spent, coef(m), sqrt(diag(vcov(m)))[seq_along(coef(m))])), sep = "")
