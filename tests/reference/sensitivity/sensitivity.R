# Sensitivity in base R, by brute force. Run: Rscript sensitivity.R OUTDIR
# 1. Omitted variable bias: leave out a covariate on purpose and compare the model with and
#    without it (data: R's swiss). 2. Selection by expected success, simulated independently.
out_dir <- commandArgs(trailingOnly = TRUE)[1]
num <- function(x) sprintf("%.15g", x)
write.csv(swiss, file.path(out_dir, "swiss.csv"), row.names = FALSE, quote = FALSE)

full <- lm(Fertility ~ Agriculture + Education + Catholic, swiss)
short <- lm(Fertility ~ Agriculture + Catholic, swiss)
r2 <- function(m, term) { t <- summary(m)$coefficients[term, 3]; t^2 / (t^2 + m$df.residual) }
treatment <- lm(Agriculture ~ Education + Catholic, swiss)
s <- summary(short)$coefficients["Agriculture", ]; f <- summary(full)$coefficients["Agriculture", ]
values <- c(short_estimate = s[[1]], short_se = s[[2]], df = short$df.residual,
            r2_treatment = r2(treatment, "Education"), r2_outcome = r2(full, "Education"),
            full_estimate = f[[1]], full_se = f[[2]], full_t = f[[3]],
            full_low = confint(full)["Agriculture", 1], full_high = confint(full)["Agriculture", 2],
            full_partial_r2 = r2(full, "Agriculture"))
write.csv(data.frame(quantity = names(values), value = num(values)),
          file.path(out_dir, "omitted.csv"), row.names = FALSE, quote = FALSE)

set.seed(1)
draws <- 10000
rows <- do.call(rbind, lapply(c(0, .2, .4, .6, .8), function(strength) {
  hits <- replicate(draws, {
    prospect <- rnorm(40); forecast <- strength * prospect + sqrt(1 - strength^2) * rnorm(40)
    released <- rank(-prospect) <= 28
    sum(released[order(-forecast)[1:19]])
  })
  data.frame(strength = strength, draws = draws, tail = num(mean(hits >= 17)),
             mean_hits = num(mean(hits)), sd_hits = num(sd(hits)))
}))
write.csv(rows, file.path(out_dir, "selection.csv"), row.names = FALSE, quote = FALSE)
