"""Common names of cultures with a script of their own, each as Latin:native; ~ stands for a blank."""

SCRIPTS: dict[str, dict[str, str]] = {
    "russian": {
        "men": "Aleksandr:Александр Dmitriy:Дмитрий Maksim:Максим Sergey:Сергей Andrey:Андрей Aleksey:Алексей "
        "Artyom:Артём Ilya:Илья Kirill:Кирилл Mikhail:Михаил Nikita:Никита Matvey:Матвей Roman:Роман Yegor:Егор "
        "Ivan:Иван Denis:Денис Yevgeniy:Евгений Daniil:Даниил Timofey:Тимофей Vladimir:Владимир Pavel:Павел "
        "Konstantin:Константин Nikolay:Николай Viktor:Виктор Yuriy:Юрий Oleg:Олег Boris:Борис Gleb:Глеб Stepan:Степан "
        "Fyodor:Фёдор Anatoliy:Анатолий Vasiliy:Василий Grigoriy:Григорий Leonid:Леонид",
        "women": "Anastasiya:Анастасия Mariya:Мария Darya:Дарья Anna:Анна Yelizaveta:Елизавета Viktoriya:Виктория "
        "Polina:Полина Varvara:Варвара Yekaterina:Екатерина Aleksandra:Александра Sofiya:София Kseniya:Ксения "
        "Veronika:Вероника Alisa:Алиса Olga:Ольга Yelena:Елена Natalya:Наталья Tatyana:Татьяна Irina:Ирина "
        "Svetlana:Светлана Lyudmila:Людмила Galina:Галина Yuliya:Юлия Nadezhda:Надежда Vera:Вера Lyubov:Любовь "
        "Marina:Марина Oksana:Оксана Valentina:Валентина Larisa:Лариса Nina:Нина Zoya:Зоя Raisa:Раиса Alla:Алла",
        "families": "Ivanov:Иванов Smirnov:Смирнов Kuznetsov:Кузнецов Popov:Попов Vasilyev:Васильев Petrov:Петров "
        "Sokolov:Соколов Mikhaylov:Михайлов Novikov:Новиков Fyodorov:Фёдоров Morozov:Морозов Volkov:Волков "
        "Alekseyev:Алексеев Lebedev:Лебедев Semyonov:Семёнов Yegorov:Егоров Pavlov:Павлов Kozlov:Козлов "
        "Stepanov:Степанов Nikolayev:Николаев Orlov:Орлов Andreyev:Андреев Makarov:Макаров Nikitin:Никитин "
        "Zakharov:Захаров Zaytsev:Зайцев Solovyov:Соловьёв Borisov:Борисов Yakovlev:Яковлев Grigoryev:Григорьев "
        "Romanov:Романов Vorobyov:Воробьёв Sergeyev:Сергеев Kuzmin:Кузьмин Frolov:Фролов Aleksandrov:Александров "
        "Dmitriyev:Дмитриев Korolyov:Королёв Gusev:Гусев Kiselyov:Киселёв Ilyin:Ильин Maksimov:Максимов "
        "Polyakov:Поляков Sorokin:Сорокин Vinogradov:Виноградов Kovalyov:Ковалёв Belov:Белов Medvedev:Медведев "
        "Antonov:Антонов Tarasov:Тарасов Zhukov:Жуков Baranov:Баранов Filippov:Филиппов Komarov:Комаров "
        "Davydov:Давыдов Belyayev:Беляев Gerasimov:Герасимов Bogdanov:Богданов Osipov:Осипов Sidorov:Сидоров",
        "fathers": "Aleksandr:Александр Dmitriy:Дмитри Sergey:Серге Andrey:Андре Aleksey:Алексе Mikhail:Михайл "
        "Ivan:Иван Vladimir:Владимир Pavl:Павл Nikolay:Никола Viktor:Виктор Yuriy:Юрь Oleg:Олег Boris:Борис "
        "Anatoliy:Анатоль Vasiliy:Василь Grigoriy:Григорь Leonid:Леонид Petr:Петр Maksim:Максим Roman:Роман "
        "Gennadiy:Геннадь Valeriy:Валерь Stepan:Степан Konstantin:Константин Stanislav:Станислав",
    },
    "ukrainian": {
        "men": "Oleksandr:Олександр Andriy:Андрій Serhiy:Сергій Volodymyr:Володимир Mykola:Микола Ivan:Іван "
        "Dmytro:Дмитро Vasyl:Василь Yuriy:Юрій Ihor:Ігор Oleh:Олег Viktor:Віктор Taras:Тарас Bohdan:Богдан "
        "Roman:Роман Maksym:Максим Petro:Петро Mykhaylo:Михайло Vitaliy:Віталій Ruslan:Руслан Yaroslav:Ярослав "
        "Denys:Денис Artem:Артем Pavlo:Павло Ostap:Остап Stepan:Степан Nazar:Назар Danylo:Данило Anton:Антон "
        "Valentyn:Валентин",
        "women": "Olena:Олена Nataliya:Наталія Tetyana:Тетяна Iryna:Ірина Svitlana:Світлана Oksana:Оксана "
        "Halyna:Галина Olha:Ольга Mariya:Марія Lyudmyla:Людмила Yuliya:Юлія Anna:Анна Kateryna:Катерина "
        "Viktoriya:Вікторія Anastasiya:Анастасія Nadiya:Надія Lesya:Леся Solomiya:Соломія Daryna:Дарина "
        "Zlata:Злата Bohdana:Богдана Khrystyna:Христина Myroslava:Мирослава Polina:Поліна Sofiya:Софія "
        "Yana:Яна Inna:Інна Larysa:Лариса Alina:Аліна Roksolana:Роксолана",
        "families": "Melnyk:Мельник Shevchenko:Шевченко Kovalenko:Коваленко Bondarenko:Бондаренко Boyko:Бойко "
        "Tkachenko:Ткаченко Kravchenko:Кравченко Kovalchuk:Ковальчук Koval:Коваль Oliynyk:Олійник Shevchuk:Шевчук "
        "Polishchuk:Поліщук Lysenko:Лисенко Savchenko:Савченко Bondar:Бондар Marchenko:Марченко Moroz:Мороз "
        "Rudenko:Руденко Petrenko:Петренко Kravchuk:Кравчук Klymenko:Клименко Levchenko:Левченко Ponomarenko:Пономаренко "
        "Vasylenko:Василенко Kharchenko:Харченко Karpenko:Карпенко Hnatyuk:Гнатюк Sydorenko:Сидоренко Pavlenko:Павленко "
        "Romanyuk:Романюк Panchenko:Панченко Kostenko:Костенко Honchar:Гончар Honcharenko:Гончаренко Yurchenko:Юрченко "
        "Nazarenko:Назаренко Didenko:Діденко Zinchenko:Зінченко Tymoshenko:Тимошенко Lytvyn:Литвин Bilyk:Білик "
        "Hrytsenko:Гриценко Ivanenko:Іваненко Kuzmenko:Кузьменко Mazur:Мазур Kolisnyk:Колісник Fedorenko:Федоренко "
        "Mykhaylenko:Михайленко Stepanenko:Степаненко Kushnir:Кушнір",
        "heads": "Hav:Гав Duh:Дуг Zab:Заб Kos:Кос Lev:Лев Mart:Март Nest:Нест Pat:Пат Rom:Ром Star:Стар Tym:Тим "
        "Chum:Чум Yar:Яр Sav:Сав Har:Гар Khom:Хом",
        "tails": "enko:енко chuk:чук ynskyi:инський yuk:юк yshyn:ишин ets:ець uk:ук",
    },
    "bulgarian": {
        "men": "Georgi:Георги Ivan:Иван Dimitar:Димитър Nikolay:Николай Petar:Петър Hristo:Христо Aleksandar:Александър "
        "Yordan:Йордан Stefan:Стефан Vasil:Васил Todor:Тодор Krasimir:Красимир Plamen:Пламен Stoyan:Стоян Kiril:Кирил "
        "Angel:Ангел Boris:Борис Martin:Мартин Kaloyan:Калоян Rumen:Румен Ognyan:Огнян Lyubomir:Любомир Emil:Емил "
        "Valentin:Валентин Asen:Асен Slavcho:Славчо Zhivko:Живко Mihail:Михаил Daniel:Даниел Viktor:Виктор",
        "women": "Mariya:Мария Ivanka:Иванка Elena:Елена Yordanka:Йорданка Daniela:Даниела Gergana:Гергана "
        "Desislava:Десислава Ana:Ана Rositsa:Росица Petya:Петя Viktoriya:Виктория Tsvetanka:Цветанка Radka:Радка "
        "Emiliya:Емилия Nadezhda:Надежда Snezhana:Снежана Teodora:Теодора Kalina:Калина Raya:Рая Simona:Симона "
        "Boryana:Боряна Milena:Милена Svetlana:Светлана Violeta:Виолета Antoaneta:Антоанета Vesela:Весела Zornitsa:Зорница "
        "Silviya:Силвия Magdalena:Магдалена Yana:Яна",
        "families": "Ivanov:Иванов Georgiev:Георгиев Dimitrov:Димитров Petrov:Петров Nikolov:Николов Hristov:Христов "
        "Stoyanov:Стоянов Todorov:Тодоров Iliev:Илиев Vasilev:Василев Atanasov:Атанасов Petkov:Петков Angelov:Ангелов "
        "Stefanov:Стефанов Yordanov:Йорданов Marinov:Маринов Kolev:Колев Mihaylov:Михайлов Aleksandrov:Александров "
        "Kostov:Костов Dimov:Димов Popov:Попов Pavlov:Павлов Mitev:Митев Simeonov:Симеонов Tsvetkov:Цветков "
        "Apostolov:Апостолов Mladenov:Младенов Krastev:Кръстев Zhelev:Желев Radev:Радев Rusev:Русев Tonev:Тонев "
        "Vasev:Васев Yanev:Янев Genov:Генов Danchev:Данчев Kirov:Киров Lazarov:Лазаров Manolov:Манолов Nedelchev:Неделчев "
        "Ognyanov:Огнянов Penev:Пенев Savov:Савов Tashev:Ташев Uzunov:Узунов Velikov:Великов Zahariev:Захариев "
        "Bozhinov:Божинов Gospodinov:Господинов",
        "fathers": "Georgi:Георги Ivan:Иван Dimitar:Димитр Nikol:Никол Petr:Петр Hrist:Христ Aleksandr:Александр "
        "Yordan:Йордан Stefan:Стефан Vasil:Васил Todor:Тодор Krasimir:Красимир Plamen:Пламен Stoyan:Стоян Kiril:Кирил "
        "Angel:Ангел Boris:Борис Martin:Мартин Rumen:Румен Lyubomir:Любомир Emil:Емил Valentin:Валентин Asen:Асен",
    },
    "greek": {
        "men": "Georgios:Γεώργιος Dimitrios:Δημήτριος Konstantinos:Κωνσταντίνος Ioannis:Ιωάννης Nikolaos:Νικόλαος "
        "Christos:Χρήστος Panagiotis:Παναγιώτης Vasileios:Βασίλειος Athanasios:Αθανάσιος Evangelos:Ευάγγελος "
        "Michail:Μιχαήλ Spyridon:Σπυρίδων Andreas:Ανδρέας Stavros:Σταύρος Petros:Πέτρος Apostolos:Απόστολος "
        "Alexandros:Αλέξανδρος Theodoros:Θεόδωρος Anastasios:Αναστάσιος Emmanouil:Εμμανουήλ Sotirios:Σωτήριος "
        "Stefanos:Στέφανος Leonidas:Λεωνίδας Ilias:Ηλίας Charalampos:Χαράλαμπος Fotios:Φώτιος Grigorios:Γρηγόριος "
        "Iason:Ιάσων Odysseas:Οδυσσέας Pavlos:Παύλος",
        "women": "Maria:Μαρία Eleni:Ελένη Aikaterini:Αικατερίνη Vasiliki:Βασιλική Sofia:Σοφία Georgia:Γεωργία "
        "Anastasia:Αναστασία Evangelia:Ευαγγελία Dimitra:Δήμητρα Ioanna:Ιωάννα Anna:Άννα Paraskevi:Παρασκευή "
        "Kyriaki:Κυριακή Christina:Χριστίνα Angeliki:Αγγελική Despoina:Δέσποινα Panagiota:Παναγιώτα Eirini:Ειρήνη "
        "Alexandra:Αλεξάνδρα Fotini:Φωτεινή Stavroula:Σταυρούλα Chrysoula:Χρυσούλα Athina:Αθηνά Danai:Δανάη "
        "Ourania:Ουρανία Zoi:Ζωή Theodora:Θεοδώρα Kalliopi:Καλλιόπη Marina:Μαρίνα Foteini:Φωτεινή",
        "families": "Papadopoulos:Παπαδόπουλος Pappas:Παππάς Karagiannis:Καραγιάννης Vlachos:Βλάχος Ioannidis:Ιωαννίδης "
        "Oikonomou:Οικονόμου Papageorgiou:Παπαγεωργίου Makris:Μακρής Konstantinidis:Κωνσταντινίδης Dimopoulos:Δημόπουλος "
        "Georgiou:Γεωργίου Nikolaidis:Νικολαΐδης Antoniou:Αντωνίου Papadakis:Παπαδάκης Christodoulou:Χριστοδούλου "
        "Vasileiou:Βασιλείου Alexiou:Αλεξίου Samaras:Σαμαράς Petridis:Πετρίδης Angelopoulos:Αγγελόπουλος "
        "Panagopoulos:Παναγόπουλος Theodorou:Θεοδώρου Michailidis:Μιχαηλίδης Katsaros:Κατσαρός Kostopoulos:Κωστόπουλος "
        "Lambrou:Λάμπρου Mavridis:Μαυρίδης Nikolaou:Νικολάου Pavlidis:Παυλίδης Raptis:Ράπτης Stamatiou:Σταματίου "
        "Tsakiris:Τσακίρης Xanthopoulos:Ξανθόπουλος Zervas:Ζέρβας Anagnostou:Αναγνώστου Galanis:Γαλάνης "
        "Kalogeropoulos:Καλογερόπουλος Sideris:Σιδέρης Kontos:Κοντός Manolis:Μανώλης",
        "heads": "Papa:Παπα Chatzi:Χατζη Kara:Καρα Mavro:Μαυρο Palaio:Παλαιο Kondo:Κοντο Archonto:Αρχοντο Deli:Δελη",
        "tails": "georgakis:γεωργάκης nikolaou:νικολάου dimitriou:δημητρίου konstantinou:κωνσταντίνου "
        "michalakis:μιχαλάκης stefanou:στεφάνου theodoridis:θεοδωρίδης vasileiadis:βασιλειάδης pavlou:παύλου "
        "andreou:ανδρέου spyrou:σπύρου giannakis:γιαννάκης petropoulos:πετρόπουλος ioannou:ιωάννου",
    },
    "arabic": {
        "men": "Mohammed:محمد Ahmed:أحمد Ali:علي Omar:عمر Hassan:حسن Hussein:حسين Khaled:خالد Youssef:يوسف "
        "Ibrahim:إبراهيم Abdullah:عبدالله Mahmoud:محمود Mustafa:مصطفى Karim:كريم Tariq:طارق Samir:سمير Nabil:نبيل "
        "Faisal:فيصل Saeed:سعيد Rashid:راشد Hamad:حمد Sultan:سلطان Majid:ماجد Salem:سالم Walid:وليد Ziad:زياد "
        "Bilal:بلال Hamza:حمزة Anas:أنس Rami:رامي Adel:عادل Jamal:جمال Fadi:فادي Nasser:ناصر Marwan:مروان Yasin:ياسين "
        "Amin:أمين Hisham:هشام Mansour:منصور",
        "women": "Fatima:فاطمة Aisha:عائشة Maryam:مريم Khadija:خديجة Zainab:زينب Layla:ليلى Noor:نور Sara:سارة "
        "Huda:هدى Amal:أمل Mona:منى Rania:رانيا Dina:دينا Hanan:حنان Salma:سلمى Nadia:نادية Samira:سميرة Amina:أمينة "
        "Yasmin:ياسمين Latifa:لطيفة Mariam:مريم Reem:ريم Shaikha:شيخة Hessa:حصة Noura:نورة Lina:لينا Rana:رنا "
        "Ghada:غادة Iman:إيمان Suad:سعاد Wafa:وفاء Jamila:جميلة Basma:بسمة Asma:أسماء Farah:فرح Hala:هالة",
        "families": "Al~Mansoori:المنصوري Al~Maktoum:المكتوم Al~Nuaimi:النعيمي Al~Suwaidi:السويدي Al~Shamsi:الشامسي "
        "Al~Mazrouei:المزروعي Al~Hashimi:الهاشمي Al~Zaabi:الزعابي Al~Dhaheri:الظاهري Al~Ketbi:الكتبي Al~Falasi:الفلاسي "
        "Al~Qahtani:القحطاني Al~Ghamdi:الغامدي Al~Otaibi:العتيبي Al~Harbi:الحربي Al~Zahrani:الزهراني Al~Shehri:الشهري "
        "Haddad:حداد Khoury:خوري Nasser:ناصر Najjar:نجار Saleh:صالح Mansour:منصور Farouk:فاروق Hamdan:حمدان "
        "El~Sayed:السيد Fahmy:فهمي Shawky:شوقي Abdelrahman:عبدالرحمن Benali:بنعلي Bennani:بناني El~Amrani:العمراني "
        "Tazi:التازي Alaoui:العلوي Idrissi:الإدريسي Berrada:برادة Chraibi:الشرايبي Mezouar:مزوار Bouzid:بوزيد "
        "Belkacem:بلقاسم Trabelsi:الطرابلسي Jaziri:الجزيري Gharbi:الغربي Sassi:الساسي Masri:المصري Halabi:الحلبي "
        "Shami:الشامي Baghdadi:البغدادي Tikriti:التكريتي Obeid:عبيد Qasim:قاسم Zaidan:زيدان Awad:عوض Barakat:بركات "
        "Darwish:درويش Ghanem:غانم Hijazi:حجازي Kanaan:كنعان Sabbagh:صباغ Tawil:طويل",
    },
    "persian": {
        "men": "Reza:رضا Mehdi:مهدی Amir:امیر Hossein:حسین Ali:علی Mohammad:محمد Saeed:سعید Hamid:حمید Majid:مجید "
        "Farhad:فرهاد Behrouz:بهروز Dariush:داریوش Kourosh:کوروش Siavash:سیاوش Arash:آرش Babak:بابک Ehsan:احسان "
        "Javad:جواد Nima:نیما Omid:امید Payam:پیام Ramin:رامین Shahin:شاهین Vahid:وحید Masoud:مسعود Kamran:کامران "
        "Parviz:پرویز Bijan:بیژن Cyrus:سیروس Iraj:ایرج",
        "women": "Zahra:زهرا Fatemeh:فاطمه Maryam:مریم Leila:لیلا Shirin:شیرین Parisa:پریسا Nasrin:نسرین Mahsa:مهسا "
        "Niloufar:نیلوفر Azadeh:آزاده Golnaz:گلناز Mina:مینا Roya:رویا Setareh:ستاره Sima:سیما Soraya:ثریا Taraneh:ترانه "
        "Yasaman:یاسمن Ziba:زیبا Bahar:بهار Elham:الهام Forough:فروغ Mahnaz:مهناز Negar:نگار Pari:پری Samira:سمیرا "
        "Shahrzad:شهرزاد Sepideh:سپیده Laleh:لاله Nazanin:نازنین",
        "families": "Ahmadi:احمدی Hosseini:حسینی Mohammadi:محمدی Karimi:کریمی Rezaei:رضایی Moradi:مرادی Jafari:جعفری "
        "Rahimi:رحیمی Mousavi:موسوی Hashemi:هاشمی Sadeghi:صادقی Ebrahimi:ابراهیمی Kazemi:کاظمی Akbari:اکبری Bagheri:باقری "
        "Shahbazi:شهبازی Ghorbani:قربانی Soltani:سلطانی Najafi:نجفی Amini:امینی Farahani:فراهانی Tehrani:تهرانی "
        "Shirazi:شیرازی Esfahani:اصفهانی Tabrizi:تبریزی Yazdani:یزدانی Zamani:زمانی Nazari:نظری Norouzi:نوروزی "
        "Parvizi:پرویزی Daneshvar:دانشور Farrokhzad:فرخزاد Golestani:گلستانی Javadi:جوادی Khosravi:خسروی Mirzaei:میرزایی "
        "Pahlavan:پهلوان Rostami:رستمی Samadi:صمدی Vaziri:وزیری",
        "heads": "Mir:میر Shah:شاه Far:فر Khosh:خوش Nik:نیک Pour:پور Haj:حاج Gol:گل Jahan:جهان Zar:زر",
        "tails": "zadeh:زاده pour:پور abadi:آبادی nejad:نژاد khah:خواه rad:راد dad:داد manesh:منش panah:پناه",
    },
    "hebrew": {
        "men": "David:דוד Yosef:יוסף Moshe:משה Avraham:אברהם Yaakov:יעקב Itai:איתי Noam:נועם Ariel:אריאל Uri:אורי "
        "Yonatan:יונתן Daniel:דניאל Eitan:איתן Omer:עומר Amit:עמית Guy:גיא Gal:גל Tal:טל Ron:רון Eyal:אייל Nadav:נדב "
        "Boaz:בועז Gideon:גדעון Shimon:שמעון Haim:חיים Ilan:אילן Yair:יאיר Asaf:אסף Oren:אורן Barak:ברק Alon:אלון",
        "women": "Noa:נועה Tamar:תמר Maya:מאיה Yael:יעל Shira:שירה Adele:אדל Sarah:שרה Rachel:רחל Leah:לאה Rivka:רבקה "
        "Esther:אסתר Miriam:מרים Hannah:חנה Michal:מיכל Ronit:רונית Orly:אורלי Dalia:דליה Galit:גלית Hila:הילה "
        "Inbar:ענבר Keren:קרן Liat:ליאת Meirav:מירב Neta:נטע Ofra:עפרה Shani:שני Talia:טליה Vered:ורד Yafit:יפית Zehava:זהבה",
        "families": "Cohen:כהן Levi:לוי Mizrahi:מזרחי Peretz:פרץ Biton:ביטון Dahan:דהן Avraham:אברהם Friedman:פרידמן "
        "Malka:מלכה Azoulay:אזולאי Katz:כץ Yosef:יוסף David:דוד Amar:עמר Ohayon:אוחיון Hadad:חדד Gabay:גבאי Ben~David:בן־דוד "
        "Adler:אדלר Klein:קליין Shapira:שפירא Levin:לוין Golan:גולן Barak:ברק Carmel:כרמל Dayan:דיין Eshkol:אשכול "
        "Goldberg:גולדברג Green:גרין Harari:הררי Kaplan:קפלן Landau:לנדאו Navon:נבון Oz:עוז Rosen:רוזן Sasson:ששון "
        "Segal:סגל Sharon:שרון Shalom:שלום Tal:טל Weiss:וייס Yadin:ידין Zohar:זוהר Ashkenazi:אשכנזי Baruch:ברוך "
        "Eliyahu:אליהו Hazan:חזן Nahum:נחום Toledano:טולדנו Vaknin:וקנין",
    },
    "hindi": {
        "men": "Rahul:राहुल Amit:अमित Raj:राज Vijay:विजय Sanjay:संजय Rajesh:राजेश Suresh:सुरेश Ramesh:रमेश Anil:अनिल "
        "Sunil:सुनील Ashok:अशोक Arjun:अर्जुन Rohan:रोहन Aditya:आदित्य Vikram:विक्रम Deepak:दीपक Manoj:मनोज Nikhil:निखिल "
        "Karan:करण Arun:अरुण Ravi:रवि Mohan:मोहन Prakash:प्रकाश Gaurav:गौरव Harish:हरीश Kunal:कुणाल Mukesh:मुकेश "
        "Naveen:नवीन Pankaj:पंकज Sachin:सचिन Tarun:तरुण Varun:वरुण Yash:यश Dev:देव Ishaan:ईशान",
        "women": "Priya:प्रिया Anjali:अंजलि Pooja:पूजा Neha:नेहा Kavita:कविता Sunita:सुनीता Anita:अनीता Meena:मीना "
        "Rekha:रेखा Asha:आशा Usha:उषा Geeta:गीता Seema:सीमा Ritu:ऋतु Divya:दिव्या Shreya:श्रेया Aishwarya:ऐश्वर्या "
        "Nisha:निशा Radha:राधा Sita:सीता Lakshmi:लक्ष्मी Kiran:किरण Manisha:मनीषा Deepa:दीपा Ananya:अनन्या Isha:ईशा "
        "Jyoti:ज्योति Komal:कोमल Mamta:ममता Preeti:प्रीति Rani:रानी Sapna:सपना Tara:तारा Vidya:विद्या",
        "families": "Sharma:शर्मा Verma:वर्मा Gupta:गुप्ता Singh:सिंह Kumar:कुमार Patel:पटेल Shah:शाह Mehta:मेहता "
        "Joshi:जोशी Desai:देसाई Agarwal:अग्रवाल Mishra:मिश्रा Pandey:पांडेय Tiwari:तिवारी Yadav:यादव Chauhan:चौहान "
        "Malhotra:मल्होत्रा Kapoor:कपूर Khanna:खन्ना Chopra:चोपड़ा Bhatia:भाटिया Arora:अरोड़ा Sethi:सेठी Saxena:सक्सेना "
        "Srivastava:श्रीवास्तव Trivedi:त्रिवेदी Chaudhary:चौधरी Rathore:राठौर Thakur:ठाकुर Bose:बोस Ghosh:घोष Das:दास "
        "Sen:सेन Banerjee:बनर्जी Mukherjee:मुखर्जी Chatterjee:चटर्जी Kulkarni:कुलकर्णी Deshpande:देशपांडे Patil:पाटील "
        "Pawar:पवार Jain:जैन Goel:गोयल Mittal:मित्तल Bansal:बंसल Garg:गर्ग Rawat:रावत Negi:नेगी Bisht:बिष्ट "
        "Dubey:दुबे Shukla:शुक्ला Dixit:दीक्षित Bhatt:भट्ट Rao:राव Nair:नायर Menon:मेनन Gill:गिल Dhillon:ढिल्लों "
        "Sidhu:सिद्धू Bajwa:बाजवा Grewal:ग्रेवाल",
    },
    "tamil": {
        "men": "Murugan:முருகன் Senthil:செந்தில் Karthik:கார்த்திக் Saravanan:சரவணன் Ganesh:கணேஷ் Kumaran:குமரன் "
        "Balaji:பாலாஜி Suresh:சுரேஷ் Ramesh:ரமேஷ் Prabhu:பிரபு Anand:ஆனந்த் Vignesh:விக்னேஷ் Arun:அருண் Bharath:பரத் "
        "Dinesh:தினேஷ் Elango:இளங்கோ Gopal:கோபால் Hari:ஹரி Jegan:ஜெகன் Kannan:கண்ணன் Mani:மணி Nathan:நாதன் "
        "Pandian:பாண்டியன் Rajan:ராஜன் Selvam:செல்வம் Siva:சிவா Thiru:திரு Vel:வேல் Vasanth:வசந்த் Yogesh:யோகேஷ்",
        "women": "Lakshmi:லட்சுமி Meena:மீனா Priya:பிரியா Kavitha:கவிதா Revathi:ரேவதி Selvi:செல்வி Devi:தேவி "
        "Anitha:அனிதா Bhavani:பவானி Chitra:சித்ரா Deepa:தீபா Gayathri:காயத்ரி Indira:இந்திரா Janaki:ஜானகி Kala:கலா "
        "Latha:லதா Malathi:மாலதி Nithya:நித்யா Padma:பத்மா Radha:ராதா Saroja:சரோஜா Thamarai:தாமரை Uma:உமா Valli:வள்ளி "
        "Yamuna:யமுனா Abirami:அபிராமி Eswari:ஈஸ்வரி Geetha:கீதா Kamala:கமலா Sudha:சுதா",
        "families": "Subramaniam:சுப்பிரமணியம் Ramasamy:ராமசாமி Krishnan:கிருஷ்ணன் Sundaram:சுந்தரம் Natarajan:நடராஜன் "
        "Chandran:சந்திரன் Raman:ராமன் Velu:வேலு Arumugam:ஆறுமுகம் Palaniappan:பழனியப்பன் Rajendran:ராஜேந்திரன் "
        "Shanmugam:சண்முகம் Muthusamy:முத்துசாமி Perumal:பெருமாள் Govindan:கோவிந்தன் Thangavel:தங்கவேல் "
        "Manickam:மாணிக்கம் Sivakumar:சிவகுமார் Balasubramaniam:பாலசுப்பிரமணியம் Iyer:ஐயர் Nadar:நாடார் Pillai:பிள்ளை "
        "Chettiar:செட்டியார் Mudaliar:முதலியார் Annamalai:அண்ணாமலை Ilango:இளங்கோ Kandasamy:கந்தசாமி "
        "Loganathan:லோகநாதன் Marimuthu:மாரிமுத்து Nagarajan:நாகராஜன் Periyasamy:பெரியசாமி Ramachandran:ராமச்சந்திரன் "
        "Sathasivam:சதாசிவம் Thiagarajan:தியாகராஜன் Vaithilingam:வைத்திலிங்கம் Selvaraj:செல்வராஜ் "
        "Gunasekaran:குணசேகரன் Anbazhagan:அன்பழகன் Duraisamy:துரைசாமி Ponnusamy:பொன்னுசாமி",
    },
    "chinese": {
        "men": "Wei:伟 Qiang:强 Lei:磊 Jun:军 Yong:勇 Jie:杰 Tao:涛 Chao:超 Ming:明 Gang:刚 Ping:平 Hui:辉 Peng:鹏 "
        "Hua:华 Fei:飞 Bo:波 Bin:斌 Yu:宇 Hao:浩 Kai:凯 Jian:健 Long:龙 Feng:峰 Zhiqiang:志强 Xuan:轩 Rui:睿 Yang:洋 "
        "Dong:东 Liang:亮 Xin:鑫",
        "women": "Fang:芳 Na:娜 Xiuying:秀英 Min:敏 Jing:静 Li:丽 Yan:艳 Juan:娟 Xia:霞 Xiulan:秀兰 Guiying:桂英 "
        "Ying:英 Hong:红 Mei:梅 Lan:兰 Xue:雪 Ting:婷 Yue:月 Dan:丹 Qian:倩 Lin:琳 Hui:慧 Jia:佳 Ling:玲 Yun:云 "
        "Lian:莲 Zhen:珍 Xiaoli:晓丽 Rong:蓉 Qin:琴",
        "families": "Wang:王 Wang:王 Li:李 Li:李 Zhang:张 Zhang:张 Liu:刘 Chen:陈 Yang:杨 Huang:黄 Zhao:赵 Wu:吴 Zhou:周 "
        "Xu:徐 Sun:孙 Ma:马 Zhu:朱 Hu:胡 Guo:郭 He:何 Lin:林 Gao:高 Luo:罗 Zheng:郑 Liang:梁 Xie:谢 Song:宋 Tang:唐 "
        "Xu:许 Han:韩 Feng:冯 Deng:邓 Cao:曹 Peng:彭 Zeng:曾 Xiao:肖 Tian:田 Dong:董 Yuan:袁 Pan:潘 Yu:于 Jiang:蒋 "
        "Cai:蔡 Yu:余 Du:杜 Ye:叶 Cheng:程 Su:苏 Wei:魏 Lü:吕 Ding:丁 Ren:任 Shen:沈 Yao:姚 Lu:卢 Jiang:姜 Cui:崔 "
        "Zhong:钟 Tan:谭 Lu:陆 Wang:汪 Fan:范 Jin:金 Shi:石 Liao:廖 Jia:贾 Xia:夏 Wei:韦 Fu:付 Fang:方 Bai:白 Zou:邹 "
        "Meng:孟 Xiong:熊 Qin:秦 Qiu:邱 Jiang:江 Yin:尹 Xue:薛 Yan:闫 Duan:段 Lei:雷 Hou:侯 Long:龙 Shi:史 Tao:陶",
        "firsts": "Jian:建 Zhi:志 Wen:文 Guo:国 Yong:永 Hai:海 Xiao:晓 Chun:春 Jia:家 Ming:明 De:德 Yi:一 Zi:子 Yu:雨 "
        "Si:思 Xin:欣 Hong:宏 Shao:少 Shu:淑 Ya:雅 Jing:静 Li:丽 Mei:美 Xue:雪 Yue:悦 Han:涵 Meng:梦 Ting:婷 Hao:浩 "
        "Jun:俊 Tian:天 Yun:云 Qing:庆 Rui:瑞 Sheng:胜 Xiang:祥 Shi:世 Guang:光 Zhong:忠 Ke:可",
        "seconds_men": "Guo:国 Min:民 Hua:华 Jun:军 Ping:平 Lin:林 Feng:峰 Dong:东 Hui:辉 Bo:波 Long:龙 Xiang:翔 "
        "Chao:超 Jie:杰 Yang:阳 Xuan:轩 Ran:然 Tao:涛 Peng:鹏 Yuan:源 Qiang:强 Cheng:成 Sheng:生 Liang:亮 Hai:海 "
        "Wei:伟 Bin:斌 Xin:鑫 Hao:豪 Yu:宇",
        "seconds_women": "Ying:英 Lan:兰 Hua:花 Zhen:珍 Mei:梅 Juan:娟 Fang:芳 Yan:燕 Ling:玲 Hong:红 Ting:婷 "
        "Xuan:萱 Yao:瑶 Qi:琪 Han:涵 Yi:怡 Tong:彤 Lin:琳 Na:娜 Jing:晶 Ru:茹 Xin:馨 Yue:月 Lei:蕾 Qian:倩 Rui:蕊 "
        "Min:敏 Xia:霞 Ping:萍 Yun:芸",
    },
    "japanese": {
        "men": "Hiroshi:浩 Takashi:隆 Kenji:健二 Akira:明 Satoshi:聡 Makoto:誠 Kazuo:和夫 Yuki:勇気 Haruto:陽翔 Sota:蒼太 "
        "Ren:蓮 Yuto:悠斗 Daiki:大輝 Kaito:海斗 Takumi:拓海 Shota:翔太 Ryo:涼 Kenta:健太 Naoki:直樹 Daisuke:大輔 "
        "Tatsuya:達也 Yusuke:雄介 Koji:浩二 Shinji:真司 Osamu:修 Minoru:稔 Isamu:勇 Toshio:敏夫 Masao:正雄 Kazuki:一樹 "
        "Ryota:亮太 Tsubasa:翼 Hayato:隼人 Itsuki:樹 Minato:湊 Asahi:朝陽 Yoshio:義雄 Hideo:英夫 Susumu:進 Noboru:昇",
        "women": "Yoko:陽子 Keiko:恵子 Kazuko:和子 Sachiko:幸子 Michiko:美智子 Yumi:由美 Naomi:直美 Akemi:明美 "
        "Hanako:花子 Sakura:さくら Yui:結衣 Aoi:葵 Hina:陽菜 Rin:凛 Mei:芽依 Misaki:美咲 Nanami:七海 Ayaka:彩花 "
        "Haruka:遥 Mai:舞 Kaori:香織 Tomoko:智子 Noriko:典子 Emi:恵美 Mayumi:真由美 Junko:純子 Chieko:千恵子 Fumiko:文子 "
        "Hiroko:裕子 Miho:美穂 Riko:莉子 Saki:咲希 Akari:明里 Kanna:栞奈 Shiori:詩織 Mio:澪 Kokoro:心 Nozomi:希 Ai:愛 Rie:理恵",
        "families": "Sato:佐藤 Suzuki:鈴木 Takahashi:高橋 Tanaka:田中 Ito:伊藤 Watanabe:渡辺 Yamamoto:山本 Nakamura:中村 "
        "Kobayashi:小林 Kato:加藤 Yoshida:吉田 Yamada:山田 Sasaki:佐々木 Yamaguchi:山口 Matsumoto:松本 Inoue:井上 "
        "Kimura:木村 Hayashi:林 Shimizu:清水 Saito:斎藤 Yamazaki:山崎 Mori:森 Abe:阿部 Ikeda:池田 Hashimoto:橋本 "
        "Ishikawa:石川 Ogawa:小川 Goto:後藤 Okada:岡田 Hasegawa:長谷川 Murakami:村上 Kondo:近藤 Ishii:石井 Maeda:前田 "
        "Fujita:藤田 Endo:遠藤 Aoki:青木 Sakamoto:坂本 Fukuda:福田 Ota:太田 Nishimura:西村 Fujii:藤井 Kaneko:金子 "
        "Okamoto:岡本 Fujiwara:藤原 Miura:三浦 Nakano:中野 Harada:原田 Matsuda:松田 Takeuchi:竹内 Ono:小野 Tamura:田村 "
        "Nakayama:中山 Wada:和田 Ishida:石田 Morita:森田 Ueda:上田 Hara:原 Shibata:柴田 Sakai:酒井",
        "heads": "Yama:山 Kawa:川 Taka:高 Naka:中 Matsu:松 Mori:森 Ishi:石 Iwa:岩 Fuji:藤 Kita:北 Nishi:西 Miya:宮 "
        "Oka:岡 Ta:田 Mura:村 Shima:島 Hama:浜 Haya:早 Furu:古 Hiro:広 Naga:長 Yoshi:吉 Fuku:福 Hira:平 Sugi:杉 Take:竹 "
        "Ume:梅 Aka:赤 Kuro:黒 Shira:白",
        "tails": "da:田 mura:村 moto:本 yama:山 kawa:川 shima:島 hara:原 zaki:崎 guchi:口 no:野 zawa:沢 oka:岡 tani:谷 "
        "ta:多 saka:坂 uchi:内 mizu:水 se:瀬",
    },
    "korean": {
        "men": "Min~ho:민호 Sung~min:성민 Ji~hoon:지훈 Hyun~woo:현우 Dong~hyun:동현 Jun~ho:준호 Sang~hoon:상훈 "
        "Young~ho:영호 Jae~won:재원 Tae~yang:태양",
        "women": "Ji~young:지영 Min~ji:민지 Soo~jin:수진 Hye~jin:혜진 Eun~ji:은지 Yu~na:유나 Seo~yeon:서연 Ha~eun:하은 "
        "Mi~kyung:미경 Young~hee:영희",
        "families": "Kim:김 Kim:김 Kim:김 Lee:이 Lee:이 Park:박 Park:박 Choi:최 Jung:정 Kang:강 Cho:조 Yoon:윤 Jang:장 "
        "Lim:임 Han:한 Oh:오 Seo:서 Shin:신 Kwon:권 Hwang:황 Ahn:안 Song:송 Ryu:류 Hong:홍 Jeon:전 Ko:고 Moon:문 Yang:양 "
        "Son:손 Bae:배 Baek:백 Heo:허 Yoo:유 Nam:남 Sim:심 Noh:노 Ha:하 Kwak:곽 Sung:성 Cha:차 Joo:주 Woo:우 Koo:구 "
        "Min:민 Na:나 Jin:진 Ji:지 Um:엄 Chae:채 Won:원 Cheon:천 Bang:방 Gong:공 Hyun:현 Ham:함 Byun:변 Yeom:염 Yeo:여 "
        "Chu:추 Do:도 So:소 Seok:석 Sun:선 Seol:설 Ma:마 Gil:길",
        "firsts": "Min:민 Ji:지 Seo:서 Ha:하 Joon:준 Hyun:현 Sung:성 Young:영 Jae:재 Soo:수 Eun:은 Hye:혜 Yeon:연 Dong:동 "
        "Tae:태 Sang:상 Kyung:경 Woo:우 In:인 Chan:찬 Do:도 Si:시 Ye:예 Na:나 Jung:정 Mi:미",
        "seconds_men": "ho:호 min:민 hoon:훈 woo:우 hyun:현 jun:준 seok:석 won:원 jin:진 su:수 yong:용 chul:철 gyu:규 "
        "hyuk:혁 tae:태 bin:빈 yul:율 jae:재 hwan:환 gun:건",
        "seconds_women": "young:영 ji:지 jin:진 na:나 yeon:연 eun:은 kyung:경 hee:희 sook:숙 ah:아 rin:린 yoon:윤 seo:서 "
        "won:원 mi:미 ran:란 sun:선 ju:주 bi:비 hye:혜",
    },
}
