# Models of a yes/no outcome in base R. Run: Rscript release.R OUTDIR
# Writes infert.csv (the data used, from R's datasets), release.csv (model, term, quantity,
# value) and counts.csv (the four counts behind model 1 of Table 3).
arguments <- commandArgs(trailingOnly = FALSE)
here <- dirname(sub("--file=", "", grep("--file=", arguments, value = TRUE)))
out_dir <- commandArgs(trailingOnly = TRUE)[1]
num <- function(x) sprintf("%.15g", x)

d <- infert
d$high <- as.numeric(d$parity > 1)
write.csv(d[c("case", "spontaneous", "induced", "age", "high", "education", "stratum")],
          file.path(out_dir, "infert.csv"), row.names = FALSE, quote = FALSE)

rows <- list()
add <- function(model, quantity, values, terms = names(values))
  rows[[length(rows) + 1]] <<- data.frame(model = model, term = terms, quantity = quantity,
                                          value = num(values))

sandwich <- function(scores, bread, groups = seq_len(nrow(scores)))
  bread %*% crossprod(rowsum(scores, groups)) %*% bread

n <- nrow(d)
f <- case ~ spontaneous + induced + age + high
x <- model.matrix(f, d); k <- ncol(x); g <- length(unique(d$stratum))
correction <- g / (g - 1) * (n - 1) / (n - k)

# linear probability model
m <- lm(f, d); e <- resid(m); h <- hatvalues(m); bread <- solve(crossprod(x))
add("linear", "estimate", coef(m)); add("linear", "classical", sqrt(diag(vcov(m))))
add("linear", "p_value", summary(m)$coefficients[, 4])
add("linear", "log_likelihood", as.numeric(logLik(m)), "model"); add("linear", "aic", AIC(m), "model")
se <- function(v) sqrt(diag(v))
add("linear", "HC0", se(sandwich(x * e, bread)))
add("linear", "HC1", se(sandwich(x * e, bread) * n / (n - k)))
add("linear", "HC2", se(sandwich(x * e / sqrt(1 - h), bread)))
add("linear", "HC3", se(sandwich(x * e / (1 - h), bread)))
add("linear", "cluster", se(sandwich(x * e, bread, d$stratum) * correction))

# country-style fixed effects
m <- lm(update(f, . ~ . + education), transform(d, education = factor(education,
        levels = sort(levels(education)))))
add("fixed", "estimate", coef(m)[2:5]); add("fixed", "classical", sqrt(diag(vcov(m)))[2:5])

for (link in c("logit", "probit")) {
  m <- glm(f, binomial(link), d, control = list(epsilon = 1e-14, maxit = 100))
  p <- fitted(m); eta <- m$linear.predictors; slope <- m$family$mu.eta(eta)
  # observed information, as in a Newton fit (equals the expected one for the logit)
  score <- slope * (d$case - p) / (p * (1 - p))
  if (link == "logit") weight <- p * (1 - p) else weight <- score * (score + eta)
  bread <- solve(crossprod(x, x * weight))
  add(link, "estimate", coef(m)); add(link, "classical", se(bread))
  add(link, "log_likelihood", as.numeric(logLik(m)), "model"); add(link, "aic", AIC(m), "model")
  add(link, "HC0", se(sandwich(x * score, bread)))
  add(link, "cluster", se(sandwich(x * score, bread, d$stratum) * correction))
  # effects; gradients by central differences, not by formula
  effect <- function(fun) {
    b <- coef(m); step <- 1e-5
    gradient <- sapply(seq_along(b), function(j) {
      up <- b; down <- b; up[j] <- up[j] + step; down[j] <- down[j] - step
      (fun(up) - fun(down)) / (2 * step)
    })
    c(fun(b), sqrt(drop(gradient %*% bread %*% gradient)))
  }
  for (term in c("spontaneous", "age")) {
    a <- effect(function(b) mean(m$family$mu.eta(x %*% b)) * b[[term]])
    add(link, c("ame", "ame_se"), a, term)
  }
  r <- effect(function(b) {
    one <- x; zero <- x; one[, "high"] <- 1; zero[, "high"] <- 0
    mean(m$family$linkinv(one %*% b)) - mean(m$family$linkinv(zero %*% b))
  })
  add(link, c("rd", "rd_se"), r, "high")
  at <- c(1, 1, 0, 30, 1); eta0 <- sum(at * coef(m)); s0 <- sqrt(drop(at %*% bread %*% at))
  add(link, c("predicted", "predicted_low", "predicted_high"),
      m$family$linkinv(eta0 + c(0, -1, 1) * qnorm(.975) * s0), "at 1,0,30,1")
}

# Firth: solve the modified score U + sum h (1/2 - p) x = 0 with the Fisher information.
firth <- function(x, y, fixed = NULL, value = 0) {
  b <- numeric(ncol(x)); free <- setdiff(seq_along(b), fixed); b[fixed] <- value
  for (i in 1:5000) {
    p <- plogis(drop(x %*% b)); w <- p * (1 - p); info <- crossprod(x, x * w)
    h <- w * rowSums((x %*% solve(info)) * x)
    u <- crossprod(x, y - p + h * (0.5 - p))[free]
    step <- drop(solve(info[free, free, drop = FALSE], u))
    step <- step * min(1, 2 / max(abs(step)))
    b[free] <- b[free] + step
    if (max(abs(step)) < 1e-13) break
  }
  list(b = b, v = solve(info),
       l = sum(dbinom(y, 1, p, log = TRUE)) + 0.5 * as.numeric(determinant(info)$modulus))
}
z <- read.csv(file.path(here, "endometrial.csv"))
xe <- cbind(NV = z$NV, PI = z$PI, EH = z$EH, constant = 1)
m <- firth(xe, z$HG); names(m$b) <- colnames(xe)
add("firth", "estimate", m$b); add("firth", "classical", setNames(se(m$v), colnames(xe)))
add("firth", "log_likelihood", m$l, "model")
for (j in seq_len(ncol(xe))) {
  drop_to <- function(v) firth(xe, z$HG, j, v)$l - m$l + qchisq(.95, 1) / 2
  s <- sqrt(m$v[j, j])
  add("firth", c("profile_low", "profile_high"),
      c(uniroot(drop_to, c(m$b[j] - 4 * s, m$b[j]), tol = 1e-10)$root,
        uniroot(drop_to, c(m$b[j], m$b[j] + 8 * s), tol = 1e-10)$root), colnames(xe)[j])
}
# a nuisance term that predicts its rows perfectly: glm climbs, the other estimates are finite
d$lone <- as.numeric(d$case == 1 & d$stratum <= 5)
for (link in c("logit", "probit")) {
  m <- suppressWarnings(glm(update(f, . ~ . + lone), binomial(link), d,
                            control = list(epsilon = 1e-14, maxit = 100)))
  add(paste0("perfect-", link), "estimate", coef(m)[names(coef(m)) != "lone"])
}

write.csv(do.call(rbind, rows), file.path(out_dir, "release.csv"), row.names = FALSE)

# The four counts: 17 of 19 in the campaign, 102 of 233 outside.
y <- rep(c(1, 0, 1, 0), c(17, 2, 102, 131)); campaign <- rep(c(1, 0), c(19, 233))
tight <- list(epsilon = 1e-14, maxit = 100)
fits <- list(lm = lm(y ~ campaign), gaussian = glm(y ~ campaign, family = gaussian),
             logit = glm(y ~ campaign, family = binomial, control = tight),
             probit = glm(y ~ campaign, family = binomial("probit"), control = tight),
             identity = glm(y ~ campaign, family = binomial("identity"), start = c(.4, .4),
                            control = tight))
counts <- do.call(rbind, lapply(names(fits), function(name) {
  m <- fits[[name]]; s <- summary(m)$coefficients
  data.frame(family = name, campaign = num(s[2, 1]), campaign_se = num(s[2, 2]),
             constant = num(s[1, 1]), constant_se = num(s[1, 2]),
             log_likelihood = num(as.numeric(logLik(m))), aic = num(AIC(m)),
             rank_minus_half_aic = num(m$rank - AIC(m) / 2))
}))
write.csv(counts, file.path(out_dir, "counts.csv"), row.names = FALSE, quote = FALSE)
