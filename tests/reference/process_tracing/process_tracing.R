# Bayesian updating over rival hypotheses in base R. Run: Rscript process_tracing.R OUTDIR
# Writes process_tracing.csv: quantity, value. Plain products (no logs) on purpose.
out_dir <- commandArgs(trailingOnly = TRUE)[1]

prior <- c(A = .5, B = .3, C = .2)
like <- rbind(k1 = c(.95, .60, .30), k2 = c(.40, .05, .05), k3 = c(.20, .70, .50),
              k4 = c(.92, .08, .10), k5 = c(.30, .30, .30))
colnames(like) <- names(prior)
rows <- list()
put <- function(name, value)
  rows[[length(rows) + 1]] <<- data.frame(quantity = name, value = sprintf("%.15g", value))
bayes <- function(p, l) p * l / sum(p * l)

p <- prior
for (k in rownames(like)) {
  p <- bayes(p, like[k, ])
  for (h in names(p)) put(paste("path", k, h, sep = "_"), p[[h]])
}
for (k in rownames(like)) {
  q <- bayes(prior, apply(like[rownames(like) != k, ], 2, prod))
  for (h in names(q)) put(paste("without", k, h, sep = "_"), q[[h]])
  rest <- weighted.mean(like[k, c("B", "C")], prior[c("B", "C")])
  put(paste("rest", k, sep = "_"), rest)
  put(paste("decibels", k, sep = "_"), 10 * log10(like[[k, "A"]] / rest))
}
at <- function(x) bayes(c(A = x, prior[c("B", "C")] / .5 * (1 - x)), apply(like, 2, prod))
for (x in c(.01, .05, .25, .75))
  for (h in names(prior)) put(paste("sweep", x, h, sep = "_"), at(x)[[h]])
# Crossings by numerical search, not by formula.
ahead <- function(x) { q <- at(x); q[["A"]] - max(q[c("B", "C")]) }
put("leads_from", uniroot(ahead, c(1e-6, .9), tol = 1e-14)$root)
for (h in c("B", "C")) {
  gap <- function(r) {
    l <- like; l["k4", h] <- r * l["k4", "A"]
    q <- bayes(prior, apply(l, 2, prod))
    q[["A"]] - q[[h]]
  }
  put(paste("turn_k4", h, sep = "_"), uniroot(gap, c(1e-3, 100), tol = 1e-13)$root)
}
write.csv(do.call(rbind, rows), file.path(out_dir, "process_tracing.csv"), row.names = FALSE,
          quote = FALSE)
