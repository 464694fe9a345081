# Two real tables of the survival package, fitted by R, to be read back as a reader's own file.
# jasa: Stanford heart transplants (Crowley and Hu 1977), the one patient who died on the day of
# acceptance left out. udca: ursodeoxycholic acid in liver disease (Lindor and others 1994), to
# death or the last visit.
# Arguments: folder for the fits; optionally a folder for the tables in the exports R makes.
library(survival)
args <- commandArgs(trailingOnly = TRUE)
heart <- jasa[jasa$fu.date > jasa$accept.dt,
              c("accept.dt", "fu.date", "fustat", "transplant", "age")]
liver <- data.frame(entry.dt = udca$entry.dt, last.dt = udca$last.dt,
                    dead = as.integer(!is.na(udca$death.dt)), trt = udca$trt, stage = udca$stage)
liver <- liver[!is.na(liver$last.dt) & liver$last.dt > liver$entry.dt, ]
fit <- function(name, start, end, event, group) {
  model <- survreg(Surv(as.numeric(end - start) / 30.4375, event) ~ group, dist = "weibull")
  data.frame(table = name, n = length(event), events = sum(event), constant = coef(model)[[1]],
             effect = coef(model)[[2]], sigma = model$scale, log_likelihood = model$loglik[2])
}
fits <- rbind(
  fit("jasa", heart$accept.dt, heart$fu.date, heart$fustat, heart$transplant),
  fit("udca", liver$entry.dt, liver$last.dt, liver$dead, liver$trt))
write.csv(format(fits, digits = 10), file.path(args[1], "fits.csv"), row.names = FALSE)
if (length(args) > 1) {
  out <- function(name) file.path(args[2], name)
  write.csv(heart, out("jasa.csv"), row.names = FALSE)
  write.csv2(heart, out("jasa_2.csv"))
  write.table(heart[order(heart$fu.date), ], out("jasa_sorted.tab"), sep = "\t")
  write.table(heart, out("jasa_blank.txt"))
  saveRDS(heart, out("jasa.rds"))
  save(heart, file = out("jasa.RData"))
  write.table(liver[order(liver$last.dt), ], out("udca.txt"), sep = ",", quote = FALSE)
}
