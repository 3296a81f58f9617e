"""How often an attribute was written, by object: its version in the replication metadata. Arguments: directory, attribute, filter."""
import json, sys
from samba.auth import system_session
from samba.dcerpc import drsblobs, misc
from samba.ndr import ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

directory, attribute, search = sys.argv[1:4]
lp = LoadParm()
lp.load(directory + "/etc/smb.conf")
db = SamDB(directory + "/private/sam.ldb", session_info=system_session(), lp=lp)
attid = db.get_attid_from_lDAPDisplayName(attribute)
versions = {}
for entry in db.search(str(db.domain_dn()), expression=search, attrs=["objectGUID", "replPropertyMetaData"]):
    blob = ndr_unpack(drsblobs.replPropertyMetaDataBlob, entry["replPropertyMetaData"][0])
    guid = str(ndr_unpack(misc.GUID, entry["objectGUID"][0]))
    versions[guid] = sum(item.version for item in blob.ctr.array if item.attid == attid)
print(json.dumps(versions))
