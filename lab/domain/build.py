"""Fills a freshly provisioned directory, offline: schema, people, accounts, delegation. Arguments: directory, estate file, passwords."""
import json, sys
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB
import ldb

directory, estate_path, passwords_path = sys.argv[1:4]
estate = json.load(open(estate_path))
passwords = json.load(open(passwords_path))
lp = LoadParm()
lp.load(directory + "/etc/smb.conf")
lp.set("dsdb:schema update allowed", "yes")
db = SamDB(directory + "/private/sam.ldb", session_info=system_session(), lp=lp)
base = str(db.domain_dn())
schema = str(db.get_schema_basedn())

SFB = "1.2.840.113556.1.6.24.1."
OWN = "1.2.840.113556.1.8000.2554.99001."
DN = "KwwCh3McAIVK"
# name, OID, syntax, oMSyntax, single-valued, indexed, oMObjectClass
ATTRIBUTES = [
    ("msRTCSIP-PrimaryUserAddress", SFB + "1", "2.5.5.12", 64, True, 1, None),
    ("msRTCSIP-UserEnabled", SFB + "6", "2.5.5.8", 1, True, 1, None),
    ("msRTCSIP-OriginatorSid", SFB + "50", "2.5.5.17", 4, True, 1, None),
    ("msRTCSIP-PrimaryHomeServer", SFB + "57", "2.5.5.1", 127, True, 0, DN),
    ("msRTCSIP-TargetHomeServer", SFB + "47", "2.5.5.1", 127, True, 0, DN),
    ("msRTCSIP-FederationEnabled", SFB + "67", "2.5.5.8", 1, True, 0, None),
    ("msRTCSIP-InternetAccessEnabled", SFB + "68", "2.5.5.8", 1, True, 0, None),
    ("msRTCSIP-ArchivingEnabled", SFB + "80", "2.5.5.9", 2, True, 0, None),
    ("msRTCSIP-OptionFlags", SFB + "87", "2.5.5.9", 2, True, 0, None),
    ("msRTCSIP-Line", SFB + "88", "2.5.5.12", 64, True, 0, None),
    ("msRTCSIP-LineServer", SFB + "89", "2.5.5.12", 64, True, 0, None),
    # Their real OIDs are not published: a private arc stands for them.
    ("msRTCSIP-DeploymentLocator", OWN + "1", "2.5.5.12", 64, True, 0, None),
    ("msRTCSIP-OwnerUrn", OWN + "2", "2.5.5.12", 64, True, 0, None),
    # What Lync 2013 and later write; 2.5.5.10 is an octet string, such as the 16 bytes of a routing group.
    ("msRTCSIP-UserRoutingGroupId", OWN + "3", "2.5.5.10", 4, True, 0, None),
    ("msRTCSIP-GroupingID", OWN + "4", "2.5.5.10", 4, True, 0, None),
    ("msRTCSIP-TenantId", OWN + "5", "2.5.5.10", 4, True, 0, None),
    ("msRTCSIP-UserPolicies", OWN + "6", "2.5.5.12", 64, False, 0, None),
]
for name, oid, syntax, om, single, index, om_class in ATTRIBUTES:
    lines = [
        f"dn: CN={name},{schema}", "objectClass: top", "objectClass: attributeSchema", f"cn: {name}", f"attributeID: {oid}",
        f"attributeSyntax: {syntax}", f"oMSyntax: {om}", f"isSingleValued: {'TRUE' if single else 'FALSE'}",
        f"lDAPDisplayName: {name}", f"adminDisplayName: {name}", f"searchFlags: {index}", "isMemberOfPartialAttributeSet: TRUE",
    ]
    if om_class:
        lines.append(f"oMObjectClass:: {om_class}")
    db.add_ldif("\n".join(lines) + "\n\n")
db.set_schema_update_now()
for klass in ("User", "Contact"):
    lines = [f"dn: CN={klass},{schema}", "changetype: modify", "add: mayContain"]
    lines += [f"mayContain: {attribute[0]}" for attribute in ATTRIBUTES]
    db.modify_ldif("\n".join(lines) + "\n-\n\n")
db.set_schema_update_now()


def escape(text):
    return text.replace("\\", "\\\\").replace(",", "\\,")


for ou in sorted({person["ou"] for person in estate["people"]} | {"Service"}):
    db.create_ou(f"OU={escape(ou)},{base}")


def add_user(account, ou, name, password):
    dn = f"CN={escape(name)},OU={escape(ou)},{base}"
    db.add({"dn": dn, "objectClass": "user", "sAMAccountName": account, "displayName": name,
            "userPrincipalName": account + "@" + estate["domain"]["realm"].lower()})
    db.setpassword(f"(sAMAccountName={ldb.binary_encode(account)})", password, force_change_at_next_login=False)
    db.enable_account(f"(sAMAccountName={ldb.binary_encode(account)})")
    return dn


def set_values(dn, **values):
    message = ldb.Message(ldb.Dn(db, dn))
    for name, value in values.items():
        key = name.replace("_", "-")
        message[key] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, key)
    db.modify(message)


for person in estate["people"]:
    dn = add_user(person["id"], person["ou"], person["name"], passwords["people"])
    values = {}
    if "title" in person:
        values["title"] = person["title"]
    if "sip" in person:
        values["msRTCSIP_PrimaryUserAddress"] = person["sip"]
        values["msRTCSIP_DeploymentLocator"] = "SRV:"
    if "enabled" in person:
        values["msRTCSIP_UserEnabled"] = person["enabled"]
    if "proxy" in person:
        values["proxyAddresses"] = person["proxy"]
    if person.get("adminCount"):
        values["adminCount"] = "1"
    if person.get("disabled"):
        values["userAccountControl"] = "514"
    if values:
        set_values(dn, **values)

accounts = estate["domain"]["accounts"]
add_user(accounts["reader"], "Service", accounts["reader"], passwords["reader"])
sync = add_user(accounts["sync"], "Service", accounts["sync"], passwords["sync"])
writer = add_user(accounts["writer"], "Service", accounts["writer"], passwords["writer"])
sid = str(ndr_unpack(security.dom_sid, db.search(writer, ldb.SCOPE_BASE, attrs=["objectSid"])[0]["objectSid"][0]))

# The writer may write exactly the attributes of update-ad-attribute and of Skype for Business, on users below the people's OUs.
ALLOWED = ["telephoneNumber", "mobile", "title", "department", "company", "physicalDeliveryOfficeName", "displayName", "mail",
           "proxyAddresses"] + [attribute[0] for attribute in ATTRIBUTES]
USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
aces = ""
for name in ALLOWED:
    found = db.search(schema, ldb.SCOPE_ONELEVEL, f"(lDAPDisplayName={name})", attrs=["schemaIDGUID"])
    from samba.dcerpc import misc
    guid = str(ndr_unpack(misc.GUID, found[0]["schemaIDGUID"][0]))
    aces += f"(OA;CIIO;RPWP;{guid};{USER};{sid})"
domain_sid = security.dom_sid(db.get_domain_sid())


def allow(dn, aces):
    stored = db.search(dn, ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=["show_deleted:1"])[0]["nTSecurityDescriptor"][0]
    sddl = ndr_unpack(security.descriptor, stored).as_sddl(domain_sid)
    at = sddl.index("(", sddl.index("D:"))
    changed = security.descriptor.from_sddl(sddl[:at] + aces + sddl[at:], domain_sid)
    message = ldb.Message(ldb.Dn(db, dn))
    message["nTSecurityDescriptor"] = ldb.MessageElement(ndr_pack(changed), ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
    db.modify(message, ["sd_flags:1:4", "show_deleted:1"])


# The synchronization's account may read changes of everything, deletions too: Replicating Directory Changes.
sync_sid = str(ndr_unpack(security.dom_sid, db.search(sync, ldb.SCOPE_BASE, attrs=["objectSid"])[0]["objectSid"][0]))
allow(base, f"(OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;{sync_sid})")
# Samba asks for the right on the container of deleted objects as well.
allow(f"CN=Deleted Objects,{base}", f"(A;CI;RPLCLORC;;;{sync_sid})")
for ou in sorted({person["ou"] for person in estate["people"]}):
    allow(f"OU={escape(ou)},{base}", aces)
for person in estate["people"]:
    if person.get("locked"):
        dn = f"CN={escape(person['name'])},OU={escape(person['ou'])},{base}"
        set_values(dn, lockoutTime="133000000000000000")
