/** A name as its bearer writes it, and the Latin letters of the e-mail address. */
export type NamePart = { written: string; latin: string };
export type NamePool = { share: number; given: NamePart[]; family: NamePart[]; familyFirst?: boolean };

const latin = pool(
  60,
  'Ada Bruno Chloé=chloe Daniel Elif Farah Giulia Håkon=hakon Inês=ines Jonas Katarzyna Liam Maya Noah Olga Pedro Quinn Rosa Søren=soren Theo Uma Victor Wanda Ximena Yusuf Zoë=zoe Åsa=asa Björn=bjorn Łucja=lucja Đorđe=dorde Niamh Siân=sian José=jose Máté=mate Jürgen=juergen François=francois Aoife Ngozi Kwame Thandiwe',
  "Adams Bauer Costa Dupont Eriksson Fernández=fernandez García=garcia Hoffmann Ivers Jansen Kowalski Lindqvist Müller=mueller Nowak O'Brien=obrien Petrović=petrovic Quigley Rossi Schmidt Tóth=toth Ünal=unal Vidal Weiß=weiss Xavier Yılmaz=yilmaz Zimmer Ångström=angstrom Øverland=overland Čech=cech Żak=zak Smith Jones Brown Miller Nguyễn=nguyen Trần=tran Okafor Mensah Dlamini Van+der+Berg=vanderberg",
);
const cyrillic = pool(
  8,
  'Анна=anna Борис=boris Вера=vera Дмитрий=dmitry Елена=elena Иван=ivan Мария=maria Олег=oleg Юлія=yuliia Ђорђе=djordje',
  'Іваненко=ivanenko Петров=petrov Соколова=sokolova Шевченко=shevchenko Кузнецов=kuznetsov Јовановић=jovanovic Морозов=morozov Димитров=dimitrov',
);
const greek = pool(
  4,
  'Αλέξανδρος=alexandros Ελένη=eleni Γιώργος=giorgos Κατερίνα=katerina Νίκος=nikos Σοφία=sofia',
  'Παπαδόπουλος=papadopoulos Γεωργίου=georgiou Νικολάου=nikolaou Αντωνίου=antoniou Βλάχος=vlachos',
);
const arabic = pool(
  6,
  'محمد=mohammed فاطمة=fatima أحمد=ahmad ليلى=layla يوسف=youssef مريم=maryam عمر=omar نور=noor',
  'الخطيب=alkhatib حداد=haddad المصري=almasri نصر=nasr خوري=khoury سعيد=saeed',
);
const hebrew = pool(
  3,
  'דוד=david נועה=noa יעל=yael אורי=uri תמר=tamar איתי=itai',
  'כהן=cohen לוי=levi מזרחי=mizrahi פרץ=peretz ביטון=biton',
);
const han = pool(
  7,
  '伟=wei 芳=fang 娜=na 秀英=xiuying 磊=lei 静=jing 思远=siyuan 雨桐=yutong',
  '王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 欧阳=ouyang',
  true,
);
const japanese = pool(
  4,
  '太郎=taro 花子=hanako さくら=sakura 健太=kenta 結衣=yui ケン=ken',
  '佐藤=sato 鈴木=suzuki 高橋=takahashi 渡辺=watanabe 伊藤=ito',
  true,
);
const korean = pool(
  3,
  '민준=minjun 서연=seoyeon 지우=jiwoo 도윤=doyun 하은=haeun',
  '김=kim 이=lee 박=park 최=choi 정=jung',
  true,
);
const devanagari = pool(
  3,
  'आरव=aarav दीपा=deepa कविता=kavita राहुल=rahul सीता=sita',
  'शर्मा=sharma वर्मा=verma पाटिल=patil गुप्ता=gupta',
);
const thai = pool(
  1,
  'สมชาย=somchai มาลี=malee ประเสริฐ=prasert กนกวรรณ=kanokwan',
  'ใจดี=jaidee ศรีสุข=srisuk ทองดี=thongdee',
);
const emoji = pool(1, 'Zoë🌟=zoe Max🎸=max 🦊Fox=fox Renée👩🏽‍💻=renee', 'Star⭐=star O’Neil☘️=oneil Lee🇰🇷=lee');

export const namePools: readonly NamePool[] = [
  latin,
  cyrillic,
  greek,
  arabic,
  hebrew,
  han,
  japanese,
  korean,
  devanagari,
  thai,
  emoji,
];

export const departments = [
  'Sales',
  'Support',
  'Engineering',
  'Finance',
  'Legal',
  'Operations',
  'People',
  'Marketing',
] as const;
export const titles = [
  'Manager',
  'Specialist',
  'Engineer',
  'Analyst',
  'Director',
  'Coordinator',
  'Assistant',
  'Consultant',
] as const;
export const orgUnits = [
  '/',
  '/Sales',
  '/Sales/North',
  '/Sales/South',
  '/Support',
  '/Engineering',
  '/Engineering/Voice',
  '/Offices/Köln',
  '/Contractors',
] as const;

function pool(share: number, given: string, family: string, familyFirst = false): NamePool {
  return { share, given: parts(given), family: parts(family), familyFirst };
}

function parts(text: string): NamePart[] {
  return text.split(' ').map((part) => {
    const [written = '', given] = part.replaceAll('+', ' ').split('=');
    return { written, latin: given ?? written.toLowerCase() };
  });
}
