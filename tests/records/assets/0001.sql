BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE answer (
	id VARCHAR NOT NULL, 
	entry_id VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	beside BOOLEAN NOT NULL, 
	by_id VARCHAR NOT NULL, 
	writer VARCHAR NOT NULL, 
	counter INTEGER NOT NULL, 
	who VARCHAR NOT NULL, 
	asked_id VARCHAR NOT NULL, 
	saved_at DATETIME NOT NULL, 
	key_id VARCHAR NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(asked_id) REFERENCES asked (id), 
	FOREIGN KEY(by_id) REFERENCES person (id), 
	FOREIGN KEY(entry_id) REFERENCES entry (id), 
	UNIQUE (entry_id, "key", revision), 
	UNIQUE (entry_id, "key", writer, counter)
);
INSERT INTO "answer" VALUES('c6029136ee559adc2cd108f4da02c86f','f6652a10f2af364e1a00ae72183d0730','talk',1,0,'322122b658b3c5a12bcece0804644c07','page-1',1,'mine','338e87e7cf4fecfc','2026-05-04 09:00:00.000000','173b2cef',X'D395ED0849DE6A6E17CFA61563108FF9312901731BBE2049AD59449B3B1750B74C97F8');
INSERT INTO "answer" VALUES('98ac2ad23c1d1526e56de235ff5be6b6','f6652a10f2af364e1a00ae72183d0730','not-said',1,0,'322122b658b3c5a12bcece0804644c07','page-1',2,'only-me','f9129dac547c9f68','2026-05-04 09:00:00.000000','173b2cef',X'883762D82050B5FF9D6F4B5611182AC8A581BA278A88B521F3EC1C41B0081C807C66CD857921FEF04F990A37888F252FF8AC76A3');
INSERT INTO "answer" VALUES('4ca1abbb587e35367820ff57df1ee6e2','f6652a10f2af364e1a00ae72183d0730','talk',2,1,'322122b658b3c5a12bcece0804644c07','phone',1,'mine','338e87e7cf4fecfc','2026-05-04 09:20:00.000000','173b2cef',X'6A6E3E85E25D0ABDA60436BCA20EF6D9ECCFE19319D7873A5E8C0D3AEFCF654FDCCF');
INSERT INTO "answer" VALUES('17569025b2bdb8712520ba7da9a03e27','495e805bca5dd801bca954c0b4647760','worked-on',1,0,'bf597ca00c67a7f65bf9042bd8009c6a','page-1',1,'pair','221a529faf6f90ed','2026-05-04 09:20:00.000000','173b2cef',X'23769B954FD9813F878533C19C32D6CCA9FE87BAB9288971F3113D43AB6BB849E892240A11AE2655DC7105D08A2B2E');
CREATE TABLE asked (
	id VARCHAR NOT NULL, 
	workbook VARCHAR NOT NULL, 
	prompt JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "asked" VALUES('338e87e7cf4fecfc','coach/after-i-coach','{"key": "talk", "kind": "choice", "question": "Talk?", "choices": [["next", "Next time"], ["today", "Today"]], "who": "mine", "words_from": "", "choices_from": "", "own_tick": ""}');
INSERT INTO "asked" VALUES('f9129dac547c9f68','coach/after-i-coach','{"key": "not-said", "kind": "long", "question": "What did you not say?", "choices": [], "who": "only-me", "words_from": "", "choices_from": "", "own_tick": ""}');
INSERT INTO "asked" VALUES('221a529faf6f90ed','supervisor/our-supervision','{"key": "worked-on", "kind": "long", "question": "What did you work on?", "choices": [], "who": "pair", "words_from": "", "choices_from": "", "own_tick": ""}');
CREATE TABLE attempt (
	id VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE entry (
	id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	workbook VARCHAR NOT NULL, 
	pair_id VARCHAR, 
	session_id VARCHAR, 
	about_id VARCHAR, 
	state VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	saved_at DATETIME, 
	committed_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(pair_id) REFERENCES pair (id), 
	FOREIGN KEY(person_id) REFERENCES person (id), 
	FOREIGN KEY(session_id) REFERENCES session (id)
);
INSERT INTO "entry" VALUES('f6652a10f2af364e1a00ae72183d0730','322122b658b3c5a12bcece0804644c07','coach/after-i-coach','a2418c1a36f7fdd63c38c8f92ede4ef8','8335fc0baae4ab3546b85424493aaf0f',NULL,'committed','2026-05-04 09:00:00.000000','2026-05-04 09:20:00.000000','2026-05-04 09:00:00.000000');
INSERT INTO "entry" VALUES('495e805bca5dd801bca954c0b4647760','bf597ca00c67a7f65bf9042bd8009c6a','supervisor/our-supervision',NULL,NULL,'85a964a30ec8dd3158dab841d372b73c','committed','2026-05-04 09:20:00.000000','2026-05-04 09:20:00.000000','2026-05-04 09:20:00.000000');
CREATE TABLE invitation (
	id VARCHAR NOT NULL, 
	code_hash VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	made_by VARCHAR NOT NULL, 
	renews BOOLEAN NOT NULL, 
	made_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	used_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(person_id) REFERENCES person (id), 
	UNIQUE (code_hash)
);
INSERT INTO "invitation" VALUES('2c3253f11886fc6f9df3d442a02826d9','3dc9dae0a59699cef3c7deb86d05c882d668cbf6461834c4cfcca8731435ec80','bf597ca00c67a7f65bf9042bd8009c6a','Pat',0,'2026-05-04 09:20:00.000000','2026-05-18 09:20:00.000000','2026-05-04 09:20:00.000000');
CREATE TABLE opening (
	id VARCHAR NOT NULL, 
	author_id VARCHAR NOT NULL, 
	snapshot_id VARCHAR, 
	entry_id VARCHAR, 
	reader_id VARCHAR, 
	way VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES person (id), 
	FOREIGN KEY(entry_id) REFERENCES entry (id), 
	FOREIGN KEY(reader_id) REFERENCES person (id), 
	FOREIGN KEY(snapshot_id) REFERENCES snapshot (id)
);
INSERT INTO "opening" VALUES('f9b22198efbe2b1fdd8d37aab503f2ca','322122b658b3c5a12bcece0804644c07','8d9310c77a7e747829a0268aa83872a4',NULL,'bf597ca00c67a7f65bf9042bd8009c6a','page','','2026-05-04 09:20:00.000000');
CREATE TABLE pair (
	id VARCHAR NOT NULL, 
	coach_id VARCHAR NOT NULL, 
	leader_id VARCHAR, 
	label VARCHAR NOT NULL, 
	started DATE NOT NULL, 
	ends DATE, 
	ended DATE, 
	ended_early BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(coach_id) REFERENCES person (id), 
	FOREIGN KEY(leader_id) REFERENCES person (id)
);
INSERT INTO "pair" VALUES('a2418c1a36f7fdd63c38c8f92ede4ef8','322122b658b3c5a12bcece0804644c07','89d5361fdfcbb5e0acf77241108c4ea9','the carers’ charity','2026-05-04',NULL,NULL,0);
CREATE TABLE person (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	sign_in_name VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	passphrase VARCHAR, 
	made_at DATETIME NOT NULL, 
	left_at DATETIME, 
	PRIMARY KEY (id), 
	UNIQUE (sign_in_name)
);
INSERT INTO "person" VALUES('322122b658b3c5a12bcece0804644c07','amina Field','amina field','01632 960100',NULL,'2026-05-04 09:00:00.000000',NULL);
INSERT INTO "person" VALUES('88bc5657c1fa3a0347e70daf45b62481','beth Field','beth field','01632 960100',NULL,'2026-05-04 09:00:00.000000',NULL);
INSERT INTO "person" VALUES('89d5361fdfcbb5e0acf77241108c4ea9','leo Field','leo field','01632 960100',NULL,'2026-05-04 09:00:00.000000',NULL);
INSERT INTO "person" VALUES('bf597ca00c67a7f65bf9042bd8009c6a','sue Field','sue field','01632 960100','$argon2id$v=19$m=19456,t=2,p=1$bwnRIqTR9ltili6gXvCC3g$Af6pkIp6cVY7jnTn35gvdWh5Qb2txkc4HtPfsjCK2Y0','2026-05-04 09:00:00.000000',NULL);
INSERT INTO "person" VALUES('0e2a0d16fa8ced7b7aadea6aca12c753','tom Field','tom field','01632 960100',NULL,'2026-05-04 09:00:00.000000',NULL);
INSERT INTO "person" VALUES('9abd1251109ba63306321a9a22e1edf6','pat Field','pat field','01632 960100',NULL,'2026-05-04 09:00:00.000000',NULL);
CREATE TABLE role (
	person_id VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	PRIMARY KEY (person_id, role), 
	FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "role" VALUES('322122b658b3c5a12bcece0804644c07','coach');
INSERT INTO "role" VALUES('88bc5657c1fa3a0347e70daf45b62481','coach');
INSERT INTO "role" VALUES('89d5361fdfcbb5e0acf77241108c4ea9','leader');
INSERT INTO "role" VALUES('bf597ca00c67a7f65bf9042bd8009c6a','supervisor');
INSERT INTO "role" VALUES('0e2a0d16fa8ced7b7aadea6aca12c753','supervisor');
INSERT INTO "role" VALUES('9abd1251109ba63306321a9a22e1edf6','lead');
CREATE TABLE session (
	id VARCHAR NOT NULL, 
	pair_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	"on" DATE, 
	state VARCHAR NOT NULL, 
	cancelled_by VARCHAR, 
	minutes INTEGER, 
	mode VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(pair_id) REFERENCES pair (id), 
	UNIQUE (pair_id, number)
);
INSERT INTO "session" VALUES('8335fc0baae4ab3546b85424493aaf0f','a2418c1a36f7fdd63c38c8f92ede4ef8',1,'2026-05-04','held',NULL,NULL,NULL);
CREATE TABLE share (
	id VARCHAR NOT NULL, 
	snapshot_id VARCHAR NOT NULL, 
	reader_id VARCHAR NOT NULL, 
	as_role VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	stopped_at DATETIME, 
	key_id VARCHAR NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(reader_id) REFERENCES person (id), 
	FOREIGN KEY(snapshot_id) REFERENCES snapshot (id)
);
INSERT INTO "share" VALUES('32121adedb11cdeda93fe2da43d01c9b','8d9310c77a7e747829a0268aa83872a4','bf597ca00c67a7f65bf9042bd8009c6a','supervisor','2026-05-04 09:00:00.000000','2026-06-03 09:00:00.000000',NULL,'173b2cef',X'E3E569DDD9B05917A0BDE9FE881A6FAEDBDED6A5B491FD979D86543F16D099DF0C992551B5811A5D39D6916E26635B937BAB406D7F8AB48D');
CREATE TABLE sign_in (
	id VARCHAR NOT NULL, 
	token_hash VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	started_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(person_id) REFERENCES person (id), 
	UNIQUE (token_hash)
);
INSERT INTO "sign_in" VALUES('1879c87e7e6ec79b29a8b0d560707c60','a693ea701cb5d353ae37b12290b681beb49f3a18a0dfcac9df7bcb193cb68e56','bf597ca00c67a7f65bf9042bd8009c6a','2026-05-04 09:20:00.000000','2026-05-04 09:20:00.000000',NULL);
CREATE TABLE snapshot (
	id VARCHAR NOT NULL, 
	entry_id VARCHAR NOT NULL, 
	author_id VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	hash VARCHAR NOT NULL, 
	key_id VARCHAR NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES person (id), 
	FOREIGN KEY(entry_id) REFERENCES entry (id)
);
INSERT INTO "snapshot" VALUES('8d9310c77a7e747829a0268aa83872a4','f6652a10f2af364e1a00ae72183d0730','322122b658b3c5a12bcece0804644c07','opened','2026-05-04 09:00:00.000000','5624ddb055d4a2581713bc2b229d92834d125c17cf9352a75aa416c3bd572f61','173b2cef',X'F3973B461C008C1FBC578A1A8F1F848B384FD7B52A1C618E2EC600AF5B620D24CB66D7604CA354C3912538E170F3FC531EA4145FD440125A7AD9E88497A6F9A3AE5E172240CB82BB4C0158C8B1094C82343AEC147EF6970AE75F211434B47D8C59B097FECDC67D4D1BE0CB993F80873ECCE371B09D7B4F8BFA4D06B0E31505C699832EF5BE7BDAA3251935B8E3AFF3592DF97BD9CF6C2CAC3DA8AAEB4F7FE52CFE9273B2D1E7BC906906676F95FC4D7A0577B5CF49547B75182482A7A8120BEEAE193612DFB70E94A3E942E89693659C51C406AE985D35DD85BF9969C146C14D62B217D0944EF2DD41B3EDF78711F12CE42D331B0CABBECE84F61C0FD962308CC68C340E21D4298470A9FDD1F979402C6AA07D88003A60F3BC1DEFB26FAAC24B87EF027D1A5C888ACE9A207B');
CREATE TABLE supervises (
	id VARCHAR NOT NULL, 
	supervisor_id VARCHAR NOT NULL, 
	coach_id VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(coach_id) REFERENCES person (id), 
	FOREIGN KEY(supervisor_id) REFERENCES person (id)
);
INSERT INTO "supervises" VALUES('a073793a3a4ab9103f2a3e10e7820585','bf597ca00c67a7f65bf9042bd8009c6a','322122b658b3c5a12bcece0804644c07','2026-05-04 09:00:00.000000',NULL);
INSERT INTO "supervises" VALUES('d82067c4fb0d3ee2d6ad666fccb3b292','0e2a0d16fa8ced7b7aadea6aca12c753','88bc5657c1fa3a0347e70daf45b62481','2026-05-04 09:00:00.000000',NULL);
CREATE TABLE supervision (
	id VARCHAR NOT NULL, 
	supervisor_id VARCHAR NOT NULL, 
	"on" DATE NOT NULL, 
	state VARCHAR NOT NULL, 
	changed_by VARCHAR, 
	minutes INTEGER, 
	how VARCHAR, 
	next_on DATE, 
	made_at DATETIME NOT NULL, 
	recorded_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(supervisor_id) REFERENCES person (id)
);
INSERT INTO "supervision" VALUES('85a964a30ec8dd3158dab841d372b73c','bf597ca00c67a7f65bf9042bd8009c6a','2026-05-04','held',NULL,50,NULL,'2026-06-03','2026-05-04 09:20:00.000000','2026-05-04 09:20:00.000000');
CREATE TABLE supervision_coach (
	supervision_id VARCHAR NOT NULL, 
	coach_id VARCHAR NOT NULL, 
	PRIMARY KEY (supervision_id, coach_id), 
	FOREIGN KEY(coach_id) REFERENCES person (id), 
	FOREIGN KEY(supervision_id) REFERENCES supervision (id)
);
INSERT INTO "supervision_coach" VALUES('85a964a30ec8dd3158dab841d372b73c','322122b658b3c5a12bcece0804644c07');
CREATE TABLE talk (
	id VARCHAR NOT NULL, 
	coach_id VARCHAR NOT NULL, 
	"when" VARCHAR NOT NULL, 
	asked_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(coach_id) REFERENCES person (id)
);
INSERT INTO "talk" VALUES('f7cb769fb967ade8d60ab6147359112a','322122b658b3c5a12bcece0804644c07','today','2026-05-04 09:20:00.000000',NULL);
CREATE TABLE ticket (
	id VARCHAR NOT NULL, 
	token_hash VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	sign_in_id VARCHAR, 
	entry_id VARCHAR, 
	made_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(entry_id) REFERENCES entry (id), 
	FOREIGN KEY(person_id) REFERENCES person (id), 
	FOREIGN KEY(sign_in_id) REFERENCES sign_in (id), 
	UNIQUE (token_hash)
);
INSERT INTO "ticket" VALUES('c854816384571a779d256290525e9362','5f9e31941b6b4a75afb66786999d2a366fbf5e4c4c6da02f996670b3d4bc04a2','bf597ca00c67a7f65bf9042bd8009c6a','1879c87e7e6ec79b29a8b0d560707c60',NULL,'2026-05-04 09:20:00.000000','2026-05-04 21:20:00.000000',NULL);
CREATE INDEX ix_attempt_who ON attempt (who);
CREATE INDEX ix_invitation_person_id ON invitation (person_id);
CREATE INDEX ix_pair_coach_id ON pair (coach_id);
CREATE INDEX ix_pair_leader_id ON pair (leader_id);
CREATE INDEX ix_sign_in_person_id ON sign_in (person_id);
CREATE INDEX ix_supervises_coach_id ON supervises (coach_id);
CREATE INDEX ix_supervises_supervisor_id ON supervises (supervisor_id);
CREATE INDEX ix_supervision_supervisor_id ON supervision (supervisor_id);
CREATE INDEX ix_talk_coach_id ON talk (coach_id);
CREATE INDEX ix_session_pair_id ON session (pair_id);
CREATE INDEX ix_entry_about_id ON entry (about_id);
CREATE INDEX ix_entry_person_id ON entry (person_id);
CREATE INDEX answer_newest ON answer (entry_id, "key", beside, revision);
CREATE INDEX ix_snapshot_author_id ON snapshot (author_id);
CREATE INDEX ix_snapshot_entry_id ON snapshot (entry_id);
CREATE INDEX ix_ticket_person_id ON ticket (person_id);
CREATE INDEX ix_ticket_sign_in_id ON ticket (sign_in_id);
CREATE INDEX ix_opening_author_id ON opening (author_id);
CREATE INDEX ix_opening_snapshot_id ON opening (snapshot_id);
CREATE INDEX ix_share_reader_id ON share (reader_id);
CREATE INDEX ix_share_snapshot_id ON share (snapshot_id);
COMMIT;
