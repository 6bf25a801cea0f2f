"""Common given and family names of cultures that write in Latin letters, and how their family names compound."""

LATIN: dict[str, dict[str, str]] = {
    "german": {
        "men": "Andreas Peter Thomas Michael Stefan Christian Martin Daniel Markus Hans Jürgen Wolfgang Klaus Bernd "
        "Uwe Matthias Jörg Florian Tobias Sebastian Lukas Jonas Felix Maximilian Leon Paul Elias Noah Moritz "
        "Urs Beat Reto Jürg Ruedi Marcel Fabian Dominik Philipp Karl Heinrich Johannes Friedrich Georg Anton",
        "women": "Anna Maria Ursula Monika Petra Elisabeth Sabine Renate Helga Karin Brigitte Ingrid Erika Andrea "
        "Claudia Susanne Nicole Stefanie Katharina Julia Laura Lena Lea Hannah Emma Mia Sophie Johanna Franziska "
        "Regula Vreni Silvia Barbara Christine Martina Manuela Daniela Sandra Eva Charlotte Frieda Greta Heidi Nina",
        "families": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer "
        "Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause "
        "Lehmann Köhler Maier Huber Keller Frei Brunner Baumann Gerber Moser Graf Wyss Suter Steiner Roth Bucher "
        "Zürcher Amstutz Bühler Lüthi Kunz Marti Hofer Gruber Pichler Leitner Egger Winkler Haas Fuchs Vogel "
        "Jung Berger Ammann Sutter Schärer Eberle Odermatt Gasser Zbinden Aeschlimann",
        "heads": "Stein Berg Wald Hof Bach Ober Nieder Alt Neu Kirch Feld Brunn Eich Buch Linden Rosen Sand Mühl Stock "
        "Holz Burg Thal See Heiden Schön Weiss Schwarz Grün Hoch Winter",
        "tails": "mann bauer meier huber müller bacher berger egger hofer leitner maurer schmid wieser gruber auer "
        "lechner reiter häuser",
    },
    "french": {
        "men": "Jean Pierre Michel Philippe Alain Nicolas Christophe Patrick Daniel Bernard François Laurent Frédéric "
        "Éric Stéphane David Pascal Olivier Julien Thomas Antoine Alexandre Sébastien Guillaume Maxime Hugo Louis "
        "Gabriel Lucas Jules Arthur Raphaël Étienne Mathieu Benoît Vincent Yves Gilles Thierry Marc Fabrice Rémi",
        "women": "Marie Nathalie Isabelle Catherine Sylvie Françoise Monique Martine Christine Anne Valérie Sandrine "
        "Véronique Céline Stéphanie Sophie Julie Camille Léa Manon Chloé Emma Louise Alice Juliette Inès Margaux "
        "Hélène Élodie Aurélie Émilie Caroline Claire Jeanne Odile Brigitte Agnès Élise Mathilde Noémie Océane Lucie",
        "families": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre "
        "Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet "
        "François Martinez Legrand Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin "
        "Mathieu Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson Favre Rochat Jaquet Cuendet Monnier "
        "Berthoud Perret Chappuis Aubert Pittet Bovet Rey Rossier",
        "heads": "Beau Mont Roche Bois Champ Clair Font Haut Long Val Belle Grand Pont Chante Ville",
        "tails": "fort mont champ bois court lieu fontaine val ville pierre rive marchand clerc",
    },
    "italian": {
        "men": "Marco Andrea Giuseppe Giovanni Antonio Mario Luigi Francesco Angelo Vincenzo Pietro Salvatore Carlo "
        "Franco Domenico Bruno Paolo Michele Giorgio Aldo Sergio Luciano Roberto Stefano Fabio Alessandro Davide "
        "Simone Matteo Lorenzo Leonardo Riccardo Tommaso Gabriele Edoardo Filippo Nicola Claudio Massimo Enrico",
        "women": "Maria Anna Giuseppina Rosa Angela Giovanna Teresa Lucia Carmela Caterina Francesca Antonietta Carla "
        "Elena Concetta Rita Margherita Franca Paola Giulia Sara Martina Chiara Aurora Alice Sofia Giorgia Beatrice "
        "Federica Valentina Silvia Laura Simona Daniela Patrizia Roberta Alessandra Elisa Ginevra Camilla",
        "families": "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa "
        "Mancini Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini "
        "Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola Marchetti Parisi Villa Conte Ferraro Ferri "
        "Bianco Marini Grasso Valentini Messina Sala Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti Cattaneo "
        "Morelli Amato Silvestri Mazza Testa Grassi Bernasconi Crivelli",
        "heads": "Bon Mal Mont Cast Pal Bell Fior Torr Camp Riv Sant Cas Font Guard Monte Vall",
        "tails": "ini etti elli oni acci ucci aldi ari ani ati elletti erini",
    },
    "english": {
        "men": "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew "
        "Anthony Mark Andrew Steven Paul George Edward Brian Kevin Timothy Gary Nicholas Eric Stephen Jonathan Scott "
        "Benjamin Samuel Patrick Alexander Jack Oliver Harry Oscar Archie Henry Leo Alfie Theodore Graham Nigel Simon",
        "women": "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Margaret Lisa Betty "
        "Dorothy Sandra Ashley Kimberly Donna Emily Michelle Carol Amanda Olivia Amelia Isla Ava Ivy Freya Florence "
        "Charlotte Grace Sophie Lucy Hannah Rebecca Rachel Victoria Alice Eleanor Harriet Fiona Gillian Heather Joanna",
        "families": "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker "
        "White Roberts Green Hall Wood Jackson Clarke Clark Harris Lewis Young King Lee Turner Hill Scott Moore Cooper "
        "Ward Morris Watson Harrison Morgan Baker Patel Edwards Hughes Campbell Mitchell Carter Phillips Bailey Parker "
        "Bennett Price Griffiths Richardson Murphy Kelly Cook Shaw Collins Marshall Stewart Anderson Murray Reid Ross "
        "Graham Fraser MacDonald Ferguson",
        "heads": "Ash Black White Brad Burn Clif Cran Dal Har Hath Hol Lang Lin Mar Mil Nor Pres Rad Red Row Shel Sher "
        "Stan Staf Stock Thorn Wal Wel Whit Win",
        "tails": "ford ton worth ley wood well bury field croft by combe more ham stead burn den dale brook",
    },
    "spanish": {
        "men": "Antonio Manuel José Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro Pablo "
        "Ángel Sergio Fernando Jorge Luis Alberto Álvaro Adrián Diego Raúl Iván Rubén Óscar Enrique Ramón Vicente "
        "Andrés Joaquín Santiago Víctor Mario Eduardo Roberto Jaime Marcos Ignacio Gonzalo",
        "women": "María Carmen Ana Isabel Laura Cristina Marta Lucía Pilar Dolores Teresa Rosa Paula Francisca Elena "
        "Raquel Mercedes Manuela Sara Rosario Beatriz Juana Encarnación Silvia Julia Concepción Irene Patricia Alba "
        "Rocío Andrea Sofía Montserrat Nuria Mónica Alicia Sonia Sandra Inmaculada Yolanda Inés Eva",
        "families": "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández "
        "Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez Ramos Vázquez Ramírez Gil "
        "Serrano Morales Molina Blanco Suárez Castro Ortega Delgado Ortiz Marín Rubio Núñez Medina Sanz Castillo "
        "Iglesias Cortés Garrido Santos Guerrero Lozano Cano Cruz Méndez Flores Prieto Herrera Peña León Márquez "
        "Cabrera Gallego Calvo Vidal Campos Reyes Vega Fuentes",
    },
    "portuguese": {
        "men": "António José Manuel Francisco João Pedro Miguel Luís Carlos Paulo Jorge Rui Nuno Ricardo Tiago Diogo "
        "André Bruno Hugo Fernando Vítor Mário Sérgio Fábio Duarte Gonçalo Rodrigo Tomás Afonso Martim Gustavo Rafael "
        "Guilherme Henrique Eduardo Vasco Álvaro Armando Joaquim Filipe",
        "women": "Maria Ana Isabel Margarida Teresa Fernanda Helena Rosa Paula Cristina Sandra Carla Sónia Susana "
        "Catarina Inês Beatriz Mariana Carolina Leonor Matilde Joana Rita Sofia Marta Patrícia Vera Filipa Raquel "
        "Daniela Francisca Madalena Lara Clara Alice Diana Sara Lúcia Graça Fátima",
        "families": "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Jesus Sousa Fernandes Gonçalves "
        "Gomes Lopes Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira "
        "Monteiro Cardoso Rocha Raposo Neves Coelho Cruz Cunha Pires Ramos Reis Simões Antunes Matos Fonseca Machado "
        "Araújo Barbosa Tavares Lourenço Castro Figueiredo Azevedo Freitas Magalhães Henriques Batista Barros Campos "
        "Faria Miranda Esteves Borges Leite",
    },
    "brazilian": {
        "men": "José João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Gabriel Rafael Daniel Marcelo Bruno "
        "Eduardo Felipe Raimundo Rodrigo Thiago Leandro Anderson Fábio Gustavo Matheus Vinícius Caio Murilo Otávio "
        "Heitor Davi Enzo Bernardo Samuel Arthur Leonardo Renato Sérgio Wagner Wellington",
        "women": "Maria Ana Francisca Antônia Adriana Juliana Márcia Fernanda Patrícia Aline Sandra Camila Amanda Bruna "
        "Jéssica Letícia Júlia Luciana Vanessa Mariana Gabriela Larissa Tatiane Renata Daniele Simone Cláudia Débora "
        "Isabela Valentina Laura Helena Alice Sophia Manuela Lorena Heloísa Rayane Priscila Thaís",
        "families": "Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins "
        "Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira Nunes Marques "
        "Machado Mendes Freitas Cardoso Ramos Gonçalves Santana Teixeira Moura Cavalcanti Araújo Pinto Melo Barros "
        "Correia Campos Batista Azevedo Monteiro Farias Macedo Siqueira Coelho Castro Nogueira Duarte Queiroz Guimarães "
        "Fonseca Bezerra Magalhães Miranda Tavares",
    },
    "dutch": {
        "men": "Jan Johannes Cornelis Hendrik Willem Pieter Gerrit Jacobus Adrianus Dirk Bart Sander Jeroen Maarten "
        "Bas Tim Thijs Daan Sem Lucas Levi Finn Luuk Bram Ruben Thomas Niels Rik Koen Joost Wouter Martijn Erik Frank "
        "Henk Kees Piet Theo Rob Arjen",
        "women": "Johanna Maria Anna Cornelia Elisabeth Wilhelmina Hendrika Catharina Margaretha Anneke Ingrid Monique "
        "Marieke Sanne Lotte Femke Fleur Emma Julia Sophie Lieke Tess Eva Noor Saar Roos Iris Esther Judith Linda "
        "Saskia Mirjam Hanneke Marloes Annelies Ilse Inge Petra Wendy Anouk",
        "families": "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Smits "
        "Jacobs Kok Vermeulen Schouten Willems Hoekstra Koster Prins Huisman Peeters Kuipers Veenstra Kramer Postma "
        "Scholten Willemsen Timmermans Martens Gerritsen Evers Bosman Wolters Driessen Molenaar Blom Groen Verhoeven "
        "Maas Kuiper Hermans Jonker Koning Sanders Post Verbeek Kuijpers Boer Mol Wouters Bosch Verhagen Claessens "
        "Cornelissen Hofman Janssen Bruijn",
        "heads": "van~den~ van~der~ de~ van~de~ ter~ van~",
        "tails": "Berg Heuvel Broek Brink Linden Meer Wal Veen Velde Ven Laan Horst Heide Bosch Vliet Wiel Steen Graaf "
        "Haan Wit Groot Jong Vries Leeuw Zee Hoek Hoeven Kooij Dam Beek Loo Poel Berge Kamp Zanden Elzen Akker",
    },
    "swedish": {
        "men": "Lars Mikael Anders Erik Johan Per Karl Peter Thomas Jan Daniel Fredrik Andreas Stefan Hans Mats Bo "
        "Marcus Björn Magnus Jonas Henrik Mattias Alexander Oscar Gustav Axel Emil Viktor Filip Hugo Elias Nils Olof "
        "Sven Göran Leif Christer Rolf Åke",
        "women": "Anna Eva Maria Karin Kristina Lena Sara Kerstin Emma Ingrid Marie Malin Jenny Birgitta Annika Linda "
        "Ulla Monica Elin Hanna Johanna Sofia Carina Helena Katarina Emelie Ida Susanne Åsa Julia Alice Ebba Maja Wilma "
        "Astrid Saga Linnéa Elsa Freja Alva",
        "families": "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson "
        "Jonsson Jansson Hansson Bengtsson Jönsson Carlsson Petersson Magnusson Gustavsson Olofsson Axelsson Jakobsson "
        "Fredriksson Mattsson Henriksson Gunnarsson Danielsson Fransson Samuelsson Isaksson Arvidsson Holm Löfgren "
        "Söderberg Nyberg Blomqvist Claesson Mårtensson Nordin",
        "heads": "Lind Berg Sjö Lund Ek Ny Sand Holm Hag Björk Gran Ström Söder Öst Wester Norr Alm Ceder Dahl Fors "
        "Grön Hög Kull Malm Ros Sund Svan Wall Å Äng",
        "tails": "berg ström gren qvist lund man mark dahl blad ell fors stedt",
    },
    "danish": {
        "men": "Peter Jens Lars Michael Henrik Søren Thomas Jan Martin Christian Niels Anders Morten Jesper Hans Jørgen "
        "Mads Per Ole Rasmus Kristian Frederik Emil Noah William Oliver Valdemar August Magnus Kåre Bjørn Øyvind Knut "
        "Trond Olav Håkon Sigurd Terje Geir Svein",
        "women": "Anne Kirsten Mette Hanne Anna Helle Susanne Lene Maria Marianne Inge Camilla Karen Louise Charlotte "
        "Bente Birthe Gitte Julie Ida Emma Freja Sofie Clara Alma Karla Agnes Laura Ingrid Randi Solveig Liv Astrid "
        "Marit Berit Siri Ragnhild Turid Gro Tone",
        "families": "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen "
        "Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Jacobsen "
        "Mikkelsen Olesen Frederiksen Laursen Henriksen Lund Holm Schmidt Eriksen Kristiansen Simonsen Clausen Svendsen "
        "Berg Haugen Hagen Johannessen Andreassen Halvorsen Dahl Jørgensen Bakken Lie Solberg Moen Strand Myhre",
        "heads": "Kirke Øster Vester Sønder Nør Søn Skov Sø Ny Lilje Rosen Bjerre Fre Hede Damg",
        "tails": "gaard skov lund bjerg kjær mose toft dal holm vang bæk strup",
    },
    "finnish": {
        "men": "Juhani Johannes Olavi Antero Tapani Kalevi Tapio Matti Ilmari Mikael Pekka Timo Juha Kari Antti Jari Mika "
        "Jukka Markku Hannu Heikki Petri Sami Ville Janne Marko Lauri Eero Aleksi Eetu Onni Väinö Toivo Eino Arto Seppo",
        "women": "Maria Helena Johanna Anneli Kaarina Marjatta Anna Liisa Hannele Kristiina Tuulikki Sofia Emilia Aino "
        "Tuula Ritva Leena Päivi Pirjo Sari Minna Tiina Tarja Mari Eeva Katri Laura Elina Riikka Venla Helmi Aada Siiri "
        "Lilja Outi Kirsi",
        "families": "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen "
        "Lehtinen Saarinen Salminen Heinonen Niemi Heikkilä Salonen Kinnunen Turunen Salo Laitinen Tuominen Rantanen "
        "Karjalainen Jokinen Mattila Savolainen Lahtinen Ahonen Ojala Leppänen Väisänen Hiltunen Kallio Miettinen "
        "Leinonen Pitkänen Aaltonen Manninen Koivisto Anttila Hakala Laaksonen Hirvonen Räsänen",
        "heads": "Kos Lah Ran Vir Leht Saar Harj Kall Lepp Metsä Niem Haap Koiv Pell Suo Vuor Järv Mänt",
        "tails": "onen inen ala ela ola onsalo aho kangas oja",
    },
    "polish": {
        "men": "Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Adam Marek Łukasz Grzegorz Mateusz "
        "Wojciech Mariusz Dariusz Maciej Zbigniew Rafał Robert Jerzy Kamil Jacek Dawid Ryszard Szymon Kacper Bartosz "
        "Filip Antoni Franciszek Leon Mikołaj Sławomir Artur Sebastian Henryk Bogdan",
        "women": "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Aleksandra "
        "Zofia Monika Teresa Natalia Julia Danuta Karolina Marta Beata Dorota Halina Jadwiga Janina Alicja Jolanta "
        "Grażyna Iwona Irena Paulina Zuzanna Hanna Wiktoria Oliwia Maja Lena Helena Weronika Justyna",
        "families": "Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Stępień Dudek "
        "Adamczyk Pawlak Walczak Michalak Baran Duda Szewczyk Tomczyk Pietrzak Marciniak Wilk Bąk Sikora Kubiak Szulc "
        "Kołodziej Gajda Kozak Kania Mazurek Czech Urban Cieślak Bednarz Przybysz Sowa Janik Kasprzak Matysiak Madej "
        "Leśniak Klimek Borek Gołąb Kruk Mróz Kuś Bielak Lis Bober Ptak Słowik Sobczak",
        "heads": "Kowal Lewandow Zieliń Kamiń Szymań Dąbrow Kozłow Jankow Wiśniew Wojciechow Kwiatkow Piotrow Grabow "
        "Pawłow Michal Nowakow Adam Dudziń Jabłoń Majew Olszew Malinow Jawor Wrób Rutkow Sadow Sokołow Walkow Zalew Makow",
        "tails": "ski",
    },
    "czech": {
        "men": "Jiří Jan Petr Josef Pavel Martin Tomáš Jaroslav Miroslav Zdeněk Václav Michal František Jakub Milan Karel "
        "Lukáš David Vladimír Ladislav Ondřej Roman Stanislav Marek Radek Daniel Antonín Vojtěch Filip Adam Miloslav "
        "Matěj Aleš Jaromír Libor Dominik Patrik Štěpán Šimon Vít",
        "women": "Marie Jana Eva Hana Anna Lenka Kateřina Věra Lucie Alena Petra Jaroslava Ludmila Helena Martina Veronika "
        "Jitka Tereza Zuzana Monika Ivana Michaela Markéta Eliška Jarmila Zdeňka Barbora Dana Kristýna Adéla Nikola Pavla "
        "Natálie Klára Renata Romana Soňa Blanka Irena Olga",
        "families": "Novák Svoboda Novotný Dvořák Černý Procházka Kučera Veselý Horák Němec Pokorný Pospíšil Marek Hájek "
        "Jelínek Král Růžička Beneš Fiala Sedláček Doležal Zeman Kolář Krejčí Navrátil Čermák Urban Vaněk Blažek Kříž "
        "Kratochvíl Kopecký Bartoš Vlček Musil Šimek Polák Konečný Malý Čech Kadlec Štěpánek Staněk Holub Dušek Soukup "
        "Šťastný Mareš Sýkora Moravec Tichý Valenta Vávra Matoušek Bláha Říha Ševčík Bureš Hruška Mašek",
        "heads": "Kov Hor Jan Pet Vlk Zed Kub Bar Mart Hav Kaš Such Mal Nov Star Buk Jav Lip Dub Vrb",
        "tails": "áček ák ásek ička ek ík íček an ata oušek",
    },
    "hungarian": {
        "men": "László István József János Zoltán Sándor Ferenc Gábor Attila Péter Tamás Zsolt Tibor András Csaba Imre "
        "Lajos György Balázs Gyula Mihály Károly Róbert Béla Dávid Dániel Ádám Krisztián Miklós Norbert Bence Máté Levente",
        "women": "Mária Erzsébet Katalin Ilona Éva Anna Zsuzsanna Margit Judit Ágnes Andrea Erika Ildikó Krisztina Irén "
        "Eszter Magdolna Mónika Edit Gabriella Szilvia Anita Anikó Viktória Márta Rozália Tímea Piroska Klára Vivien "
        "Zsófia Réka Dóra",
        "families": "Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Balogh Papp Takács Juhász Lakatos "
        "Mészáros Oláh Simon Rácz Fekete Szilágyi Török Fehér Balázs Gál Kis Szűcs Kocsis Pintér Fodor Szalai Sipos Magyar "
        "Lukács Gulyás Biró Király László Katona Jakab Bogdán Boros Somogyi Fazekas Kelemen Antal Orosz Fülöp Veres Vincze",
        "heads": "Hegy Völgy Szent Kun Bod Csor Ger Hal Kov Szeg Vár Zal Dom Lak",
        "tails": "essy ai ossi falvi házi egi andi ási váry laky",
    },
    "romanian": {
        "men": "Gheorghe Ion Vasile Constantin Alexandru Nicolae Mihai Andrei Marian Dumitru Adrian Florin Daniel Gabriel "
        "Cristian Ștefan Marius Viorel Petru Cătălin Ionuț Bogdan Sorin Radu Dan Liviu Răzvan Claudiu Ovidiu Vlad Luca "
        "Matei David Tudor Horia",
        "women": "Maria Elena Ana Ioana Mihaela Andreea Mariana Cristina Daniela Gabriela Alexandra Ionela Alina Nicoleta "
        "Florentina Georgeta Roxana Simona Doina Carmen Camelia Viorica Raluca Monica Loredana Oana Bianca Sofia Teodora "
        "Ilinca Anastasia Smaranda Corina Ileana Rodica",
        "families": "Popa Popescu Ionescu Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu Rusu Munteanu Dinu Moldovan "
        "Lupu Șerban Marin Nistor Florea Toma Tudor Ungureanu Cojocaru Dobre Voicu Barbu Manole Neagu Preda Bucur Oprea "
        "Enache Lazăr Mocanu Sandu Ene Petre Ghiță Cristea Olteanu",
        "heads": "Constantin Georg Ion Vasil Dumitr Marin Petr Ștefăn Andre Mih Gavril Ilie Stăn Diacon Grigor Nicol "
        "Alex Tănăs Toder Drag",
        "tails": "escu ean eanu oiu",
    },
    "croatian": {
        "men": "Ivan Josip Marko Stjepan Tomislav Željko Ante Mario Ivica Zoran Goran Luka Petar Davor Nikola Darko Robert "
        "Damir Franjo Branko Mladen Zvonimir Miroslav Dražen Hrvoje Filip Matej Jakov Dino Emir Mirza Adnan Haris Senad",
        "women": "Marija Ana Ivana Mirjana Katica Nada Vesna Dragica Marina Ljubica Katarina Petra Martina Sanja Jelena "
        "Snježana Nikolina Maja Božica Tea Lucija Mia Sara Ema Lana Nika Zdenka Biserka Amra Lejla Azra Selma Emina Jasmina",
        "families": "Horvat Kovačević Babić Marić Novak Jurić Kovačić Knežević Vuković Marković Petrović Matić Tomić Kovač "
        "Pavlović Božić Blažević Grgić Pavić Radić Perić Filipović Šarić Lovrić Vidović Jukić Popović Bošnjak Perković "
        "Barišić Hodžić Hadžić Begić Delić Demirović Halilović Hasanović Mehmedović",
        "heads": "Mil Drag Rad Stan Vuk Bog Luk Mart Ivan Jak Ant Nik Jov Stoj Mir Tad Zor Bran Kat Rist",
        "tails": "anović ović ić ojević etić enković ačić ašević",
    },
    "albanian": {
        "men": "Arben Agron Bashkim Besnik Blerim Burim Driton Edon Faton Fatmir Gëzim Ilir Luan Naim Petrit Sokol Valon "
        "Visar Xhevdet Ylli Altin Artan Erion Gentian Kastriot Leotrim Liridon Shkëlqim Skënder Dardan Granit Shpend",
        "women": "Albana Arbnora Besa Blerta Donika Drita Edona Elira Fatime Flutura Gentiana Ilirjana Jeta Kaltrina "
        "Liridona Lule Majlinda Mimoza Njomza Rina Shpresa Teuta Valbona Vjosa Zamira Era Dafina Albulena Arta Yllka",
        "families": "Hoxha Krasniqi Gashi Berisha Shala Morina Kelmendi Thaçi Bytyqi Rexhepi Osmani Zeka Haziri Ahmeti "
        "Aliu Ajeti Avdiu Bajrami Basha Beqiri Dervishi Elezi Ferati Hasani Ismaili Jashari Kastrati Kola Lleshi Maliqi "
        "Mustafa Nuhiu Prifti Qerimi Ramadani Sadiku Selimi Shehu Tahiri Ukaj Veseli Xhaferi Ymeri Zogu Dushi Leka Gjoni "
        "Marku Ndoja Pepa Rama Sula Toska Vata Zefi Bardhi Dema Frroku Gega Hysa",
        "heads": "Bajr Osm Rex Hal Ah Mal Ram Sel Is Dem Sad Jash Hys Muh Fer",
        "tails": "ami aj ani eti iqi illari olli aku",
    },
    "turkish": {
        "men": "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil Süleyman Emre "
        "Fatih Burak Cem Can Kemal Serkan Hakan Volkan Tolga Onur Barış Deniz Kaan Mert Eren Yiğit Umut Okan Selim Tarık "
        "Orhan Cengiz Levent Koray",
        "women": "Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Havva Zeliha Esra Özlem "
        "Büşra Yasemin Hülya Sevgi Gül Dilek Ebru Pınar Selin Derya Aslı Ceren İrem Defne Ece Nur Melis Gamze Tuğba Gizem "
        "Burcu Nesrin Filiz Leyla",
        "families": "Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara "
        "Koç Kurt Özkan Şimşek Polat Korkmaz Erdoğan Yavuz Can Acar Çakır Aktaş Güler Yalçın Güneş Bozkurt Bulut Keskin "
        "Ünal Turan Avcı Işık Kaplan Sarı Coşkun Taş Tekin Uçar Duman Ateş Deniz Bayram Toprak Gül",
        "heads": "Ak Kara Öz Demir Er Gün Ay Yıl Bay Can Tan Sağ Kor Boz Alp Taş Gök Sarı Uz Ulu",
        "tails": "türk taş kaya soy han oğlu bulut dağ demir çelik şahin kan tekin su güç er",
    },
    "vietnamese": {
        "men": "Văn~Hùng Văn~Dũng Minh~Tuấn Quốc~Anh Đức~Anh Hữu~Nam Thanh~Sơn Quang~Huy Tuấn~Kiệt Gia~Bảo Hoàng~Long "
        "Đình~Phong Xuân~Trường Ngọc~Hải Trung~Kiên Công~Thành Bá~Lộc Duy~Khánh Nhật~Minh Trọng~Nghĩa Minh~Quân Anh~Tú "
        "Văn~Phúc Đức~Thịnh Hồng~Quân Quốc~Việt Thế~Vinh Mạnh~Cường Tiến~Đạt Phước~An",
        "women": "Thị~Lan Thị~Hoa Thị~Mai Thị~Hương Thu~Hà Minh~Châu Ngọc~Anh Phương~Thảo Bích~Ngọc Kim~Liên Thanh~Trúc "
        "Thùy~Linh Hồng~Nhung Mỹ~Duyên Khánh~Vy Bảo~Trân Diệu~Linh Hải~Yến Tuyết~Nhi Quỳnh~Như Ánh~Nguyệt Cẩm~Tú Hoài~An "
        "Thị~Thu Thị~Hạnh Thanh~Tâm Thu~Trang Mai~Phương Lệ~Quyên Như~Ý",
        "families": "Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào "
        "Đoàn Vương Trịnh Trương Đinh Lâm Phùng Mai Tô Hà Tạ Chu Cao Thái La Lương Quách Tăng Kiều Châu Từ Thạch Diệp "
        "Doãn Giang Khổng Lưu Mạc Nghiêm Ông Phó Quan Sơn Tôn Triệu Ứng Văn Viên Yên",
    },
    "nigerian": {
        "men": "Chinedu Emeka Chukwuemeka Obinna Ikenna Kelechi Uche Nnamdi Chidi Ifeanyi Oluwaseun Babatunde Adewale "
        "Olumide Ayodele Tunde Femi Kayode Segun Olufemi Temitope Damilola Musa Ibrahim Sani Abubakar Kwame Kofi Kojo Yaw "
        "Samuel Emmanuel Victor Godwin",
        "women": "Ngozi Chioma Adaeze Amaka Nneka Ifeoma Uchenna Chiamaka Nkechi Obiageli Folake Yetunde Oluwatoyin Bukola "
        "Temilade Abimbola Titilayo Funmilayo Omolara Ayomide Zainab Aisha Hauwa Halima Ama Abena Akosua Efua Grace "
        "Blessing Comfort Patience Mercy Esther",
        "families": "Okafor Okeke Okonkwo Eze Nwosu Obi Nwachukwu Onyekachi Igwe Chukwu Okoro Onyeama Umeh Anyanwu "
        "Ogunleye Adeyemi Adebayo Adeleke Akinola Balogun Bankole Oyelaran Olawale Ojo Afolabi Lawal Bello Danjuma "
        "Mohammed Yusuf Abdullahi Garba Mensah Owusu Boateng Asante Osei Appiah Amoah Agyeman Addo Ofori Annan Danso",
        "heads": "Ade Olu Ola Ayo Ogun Ifa Akin Oye Baba Oko Nwa Chuku",
        "tails": "yemi wale kunle bayo seun dele sanya wole gbemi tola leye rinde",
    },
    "indonesian": {
        "men": "Budi Agus Bambang Slamet Joko Eko Hendra Dedi Rudi Andi Arif Rizky Fajar Dimas Bayu Wahyu Yoga Iwan Teguh "
        "Surya Adi Bagus Putra Gilang Reza Farhan Taufik Hadi Irfan Yusuf Ketut Wayan Made Nyoman",
        "women": "Siti Dewi Sri Ratna Endang Wati Rina Lestari Indah Putri Ayu Fitri Nur Yuni Ani Maya Dian Wulan Intan "
        "Kartika Citra Mega Sari Rahayu Tuti Yanti Lina Nadia Aisyah Kirana Larasati Melati Anisa Bunga",
        "families": "Santoso Wijaya Setiawan Susanto Hidayat Kurniawan Saputra Gunawan Nugroho Wibowo Suryadi Hartono "
        "Pratama Halim Tanuwijaya Kusuma Purnomo Suharto Siregar Nasution Harahap Simanjuntak Sitorus Lubis Hutapea "
        "Panjaitan Sinaga Manurung Ginting Tarigan Sembiring Suhendra Ramadhan Firmansyah Maulana Utomo Budiman Handoko "
        "Salim Lim",
        "heads": "Su Har Pra Pur Wi Kus Nur Dar Jaya Mang",
        "tails": "santo yono wijaya tono kusumo diningrat manto darma negara atmaja",
    },
    "baltic": {
        "men": "Jonas Tomas Mindaugas Vytautas Darius Andrius Marius Gintaras Rimantas Algirdas Saulius Kęstutis Lukas "
        "Mantas Jānis Andris Juris Edgars Mārtiņš Aivars Kristaps Roberts Artūrs Raivis Rein Jaan Margus Toomas Andres "
        "Priit Indrek Urmas Karl Tanel",
        "women": "Ona Rasa Daiva Jūratė Eglė Rūta Aušra Vilma Jurgita Lina Ieva Gabija Emilija Austėja Anna Kristīne "
        "Inese Ilze Līga Inga Dace Zane Laura Elīna Kadri Katrin Piret Tiina Kristi Liis Merike Anneli Ene Maarja",
        "families": "Kazlauskas Jankauskas Petrauskas Stankevičius Vasiliauskas Žukauskas Butkus Paulauskas Urbonas "
        "Kavaliauskas Navickas Bērziņš Kalniņš Ozoliņš Jansons Liepiņš Krūmiņš Balodis Eglītis Zariņš Pētersons Vītols "
        "Kļaviņš Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Koppel Kuusk Karu Luik Raudsepp Vaher Kallas Lepik",
        "heads": "Jan Pet Bar Mik Sim Kas Mat Rim Val Dom",
        "tails": "aitis ulis ėnas onis auskas evičius iūnas utis ausis ys",
    },
}
