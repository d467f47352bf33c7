/** Pairs of characters that transcripts are made of, the most common first. */
export const commonPairs: readonly string[] = (
  'in es nt re te en er on st se ti at le or he an to me io th de tr al co ed ta ss ng ge it il ns et ch ro ut si ra ' +
  'ri ag is ar ec nd pe ac om la ea rr as li pa ok oo ca us ex ou ve ct t_ pu ne fi ma id mp ir ur el yp ol ke tu ai ' +
  'll nc cl _t ts if im sa ce ty ad rs un e_ ha pr em na ul fo mm am di po ck ni // xt lo rn pt od t. mi fa cr ho /c ' +
  'pl da -4 s. np tt ot ie ue op no t/ e- sh rk _i rt ep au su ls _c ry ow ee l_ ip ab ic so ef ui e. os wo == s/ gi ' +
  'sc sp 01 02 20 e/ ew := bl oc mo ks be og gs hi do ru nu oi ev lu 00 wi -- ud -0 md tp lt qu ba tc i/ 6- eq d_ up ' +
  'um 26 /e fu 10 t- 11 rc n_ ly ig vi eg ld go ap rm -a n- _r'
).split(' ');
