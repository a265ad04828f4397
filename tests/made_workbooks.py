"""Two small workbooks in the forms of old Excel (.xls) and LibreOffice (.ods), as LibreOffice Calc 7.4 wrote them.

Both hold the same: a title in row 1, headings in row 3, three orders (one amount is a formula, one order's number has zeros, one day
has a clock), a row of the total, and a second sheet with a note.
"""

from __future__ import annotations

import base64
import io
import zipfile
import zlib

_XLS = (
    "c-rk)du&rx82|3=ZFl!z>jpy@Ft1Etu!r4HnE2RWAP<EZ*+9*bQM!&*x^}iDVSgw^BrygO4S#3?#*iSGXne#(6P39AN1{d(LyWIDh%p-"
    "cqZ*ANfz{vl-P5kCU9t`|QFfZ&J?DJq{XNcizJC5$`RK{Ft1eJhx{Dk%mMkP!22BHsQWZCmu4rS)WHLog&ZPfTx~g)Pp#k|h0hW0IU;>"
    "3ozQrn^N&m0(5QXuJkwqIQggin+luw!qjmeyEDr3f`*l((7X8q}}&-XXq;|^dl`{z5K?Y{(=1(X71whN$gpaPf;%mFGzCx~tW<^l78Dq"
    "sPy5Lg6M12+Q}a0{>)r~z&TmH<nEWk4;k99RL=0rhI{jVfm}q1+6tRJ1#gubR25rkn~*NYUk_4`zMBA{W_TfJVG!jEG)b1iEREb)(%I^"
    "jZH_S|@w(YP^SGDCs?#0bSMU1W-zE3jIU*-Xr>l)J9f|(&>lwHrf4A`7V}kDZU!LCu6=AN)t5kTha69#0)el(AvpMK?=}r+=K!2sG@Uh"
    "VF#oK+lRJRTDaG>wR$G34QtZ2$xR%FU2I365JgdHr!929P}-^5D4|nqnH&8ff5aQCHp=N0w#p%-?uLPZ?uOppYGV<d22rblz0~06p+>+"
    "1E?D%swHUKh(HXYW%u(G||C)h;HPPs(Sn(<PBWY#a7{eCRd80!AeQI<)PdeRj^i$wnE<V@U{S(>r<&)6sC!w#HgkG4FPS7UVkC9D3os;"
    "fN?cdDqf97xfkLjqyDapAz?vT7Z?vlJBZb&{mULg6LxHGv+?DR0K*6FhErH)9iKN39*57bjA)<oOFF@N+3@x`Fgh-Lyrokumg1oMT1N<"
    "1oyyAr};({^$?jR!7TMtLO_C-@@y2pvs2s9_CrSZl+#jjDfj+pf=qv6*mf=AW?FD|B33VX5u*wq6Ma{Sj;J#x+*d8}vu5W>51fEE?v0_"
    "XK+3MZG>>cwZ=HSA_2G?Fola3Hf6^-T`jJh{yMNL$N??2-|9Mr6xwD8I^TE`1blEIEcry8u!_@J>Tqr%kB)vyg}@3XTLXQ#rgwLD-cb>"
    "Z<o?Wr|q|WW+gDLX_YG1*}2<Jz&*hUlz=n6;38j|<-#R5_|nk6@Y2OqRjoZjkB>{9mau@SUOR}E5o3jnsFUwg(l_-uI3%>E<-0UJ{-@S"
    "u8Rgn^Inla2qkIyVSRr;rB5@t7)ob%gT!%(>jkcz8jk?fc(i3uQ(w;TT)JaPvE3mI(RtVj#+(o^8L2G3~)1`eP&5?s<$dhRz&6%U0E34"
    "mC6-3+n;+ifsEnU-u@2Q%Onj>9vpk}0N25L@KbI2^Nbd6`>)1Jjc%z?g@wEGJkkF(;JxL=X%ihCL|&Q#+J8OIj(q|P-S*N1T~Jlzb;Gg"
    "nFDkv3BNtZt@iot!+_NvWyrnud2EzZ@N4z7tc;qt33buI<NvY&#3D?Ud<yMw7`h`Z&EEm&{QjYFGoLmwcvAEjf#pIC$`|V|YG9_zOMA{"
    "7P)Hbu?iri{^uYa|w@3Xe4TdUYKy_coOSWB;$AtAL3rUg5Gu6uL`2OMd$eOYD*%u0MZ^@2YbxSiL}%+{6@1ZE&a`9S>syIAw;IktW24i"
    "(~y~&Av3ymndOx<L>i7FI|g%`y6x@kru#VN*&6Ug!qISF%-XQu=MP$Uu5Re`?)KwG7hPBv=<92_me^0TJ=nC<Sdv8GIp(F&!!Q4Kxuf6"
    "x+VdvWEqmuH7Rrn23e^;wSv5DQII&wXuwTWCF%>h$Ror+)x!a$w+A$!H2@m>1gG2j+q~bzu_o%s3DZ3p1{>%5b9QaPlEMM>Q%QNBpr{_"
    ";JE^r@v0q3v3{Kk5|+_PxiD$Y$kC)^old_cw3q+(reZ&B@S8P5;q)!M<q9eCaZ!l8*gV*ajdY@&ZEUC;l2<osDSkZTO{WO$Zc-ig&Cv="
    "<LH-pAg&_g^6n(&ke#kN;I>7pL^R9qSGt!tKBw9-G$sj*S0crZT1h*qpYr4n%|gY0Hlv0r~#_bDR3F#(oHGr+qm803uG7{bp!EpU8wMF"
    "+{6jP$o~cYJF!O{Ac?<mtKE8R`AIl{Gx&R?WbiL=f53zb>{y+Nq+$v=~*T"
)
_ODS = (
    "c-q}s%a7zn8J}ergu*r4O(RfVezd!1ciPN!l<X!bY-SlT6NrS+sKzdL7h86js`B)-!~sQ$1RSE=qevV$a)K+j{38en{se9azH-^_>K?n"
    "}p6;2fva9ZG*Z2BWeUJL8)+bNzKX`dh|M}kD$8_{Z2Y#u~x8akJ1j~7bQI=5>B1u^4UZ#=5kRZZg8BQY><_S)vBQlOrB&Hb4lO>(M|HF"
    "U(_r`<0J@xr6j2ypn_LlwLvv=JDr6k5eI#&rjd=tK`OUwnBIO_EsuV>*jWD!XxN4*cu-n9>UZ;oF&tYm`fhXrz}s2`7dIZuNEUXY>$i$"
    "I2fi8EN{4+=~5lL27RD^*j5uPVKK5>$#}mZwp%BBddGm0?a43DJPXF$r;CXeca=U$PcchzZ3uu=Du>K%7%*XGl(udTuMO#UkK{AX_=;s"
    "JEGmdhRAr9<wwilbjdYh3|HRAo5iC*2#$zni@7UUWW;f;tqy^>vb@?p$#mNg4&{Ag8$r&l?pkhSnOOaETvT5+&Nq<C1l&~0iR9t<RV3c"
    "3RhM?oh+TS7$FIoU{}$>%AtEL<HyV8<sbjK_vxR0u(zi^-+>WhdAb&rGFhuUu}c+Y{zK9TmDI9O(yhFhGP=a*@lc2X)RL)`S>U>}+02;"
    "@9H=Vp+0R@>vx^n3xF<Y{XcM>Zc>{OiLis`VCBd`rR}xoKnKVlDN28HjP-|8}T2%Ml50BqJ4W~FkHc5p<X^0n6(U(ir%rWDMXyNx=O|F"
    "<Dmb7XH4jW&>g4Wz3<Rt4{?KQXQ2xYpfwBj{olOn1c*Z9Ca24eAb{C>r+!>g;cG8heejIr9B63`sg>I_}|yqH;6OIL#0F@tDNAWz8!T{"
    "SveYjwtn#JqMjCF%3_z*E%P(HzazPO0y?ipM|_u0;|e8rI4etXa-!!4!oqrdUl}xP7Nzr<anu!Pc(Cf+Y>+x)nvgb6hHBQ(7+Ye5tTpv"
    "CQJ`AqH}OZ4-g(*T>k%EtpIXcD1E=q1>84BR+__iw`1GmS=Je&V85TjB#mZ`BiDEW^QcPm?|+WilN{^RI{ul^~L3+vu`gaEvXew5%28f"
    "f_W)KlqWjJ2wJhN8lBEPGVq$RyKIC@l_|6Xn0F2a*zc~TOiVD1y7`#diCA^8lGf@<$)#3%T=fQe2N7;P5JQh($0)>hghMLEhZ<NtZ0To"
    "(1Nvt~$pt4p3xc9zNeG>r6jNN$><LZ*Jk&EWBSJtkwAREE{A={{+&V?6XfX3blrixmgGUc^Fl%yTM24{QT_R43a?l-8e^;31LgHi_P|u"
    "iTg*EH(Po7$*k6VGQGVTnW+ZI9PILal17K4PgK0s9SDZZEH60&}6ti)a<Jk%YUCuy&eGzaYrf**59u&`nlT)>I&xqX45(5Z72n65OI>@"
    "yOnZpU*D{LzS{#RLpI?cjJDIL>A($Y8{TrAcaVipgXum37}c7=ZQlkaK};mPt53P}>xjJjdOEOVkX!8cd)DVGd`T3AVMw3H&@&wDbM={"
    "HHvE3bHaoV|KbEM?_>4%}Z>hX4O)`UTG&R0<DzW@?sO%{x+~7-0>}<)`ebGaBN@4{%knv)jV^IxK;ixyD7?w(_qD+I-jw9=$eleErG0>"
    "-dsFF^A=(E+7#9#CT>eiOld{Q5LbuI;=!&eW{h$wD~{rPXVUdLEhRNp$L#C5qmQ08>@E}7%2JkYkN_d}ZwGyUIJ^`1gWH0?zeD(LYq>8"
    "87c81D`j5rc-S|)^qdI)#R9mX<Zmfy~l~CYRKxSS7^cYbA`KpNvgE2`Xo1zO$#R`wAq#RE`J-4BW;#jDjsEKPvXcQtIiLxkE=+xn`z*h"
    "1m=!ztHVn-y7F|55h5POaXr~6`Q+NV@0EWS%++9747Eyqk(sS<8<YCKVU9dz=>)S<InOh*&53^wx!3vgOl%rx0uf>7?G4OWZoxCB_#ij"
    "q~pQf3&+2DGXDhl7J*#TDs@(_z#UiYu03Piru%Hrf@0ps#Lc5zTRVvnC`b>e{V3wl>f}k)mYd<1hYBDdyH&KMpK`ATBN6^B;nvG`aHF!"
    "e9f04r?(mykAdpi&=MC{@t3~a-o@u;&T#hwzOLsMPUf1HhI@(i@D<HoTYbaHpTKBC2GQVYW6odN+pr=T_??>(Tf$q{X1RNvM}9bQJ0Ff"
    "YS9{?sP?WV6un+SJ?g3QXZJlDHmpXRg<y?x!M#1uK_k$ZG9;HN5FMW9>^I}n{0pZkPS5)1M}OJcdyPo^PAL4Zdv5r5nj3F_@#paQSD73"
    "BM!DhdBscW1YT=-DJnFGHINJAK^EXPG&MD*FAZ0rAB;Jb^wVwCrPUH69pMUbN&pz8e8vGlE?cl6G3<h4%76>izJFqITJ1z3I?>T<ADz8"
    "~@ugZ7bZGi9VUg^)^)K7OhN&ni(bF(UV`oZxlzjU4q1Lw)ZU%k3PJv`_fUz+vBD~ZbnfNx2=H$2#Xc<_Q8A8&5b9BIEL(HFaomn42~^P"
    "7!L?<}^yEg5{3w;;cmB5BDf5f%|^BmDLP_0h0lUONrJ&cUUWMCN^<@xNJ17nJVO6{g$re%1Ko>Ai2fe82te)9TOf?(G@xqOMA<zF)eKI"
    "%|8|bXCRbJ7fzLe|xa>M%l^JZ+=S=?!(`|!oR<LO+Eb|0&Pnf"
)


def workbook(text: str) -> bytes:
    """The file that a text stands for."""
    return zlib.decompress(base64.b85decode(text))


def hiding(form: str) -> bytes:
    """The same file with its first sheet hidden: a byte of the older form's list of sheets, a style of the newer's."""
    content = FORMS[form]
    if form == "xls":
        place = content.index(b"\x06\x00Orders") - 2  # the state stands before the kind and the name
        return content[:place] + b"\x01" + content[place + 1 :]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as copy:
        for part in source.namelist():
            data = source.read(part)
            copy.writestr(
                part, data.replace(b'table:display="true"', b'table:display="false"', part == "content.xml")
            )
    return made.getvalue()


FORMS = {"xls": workbook(_XLS), "ods": workbook(_ODS)}
