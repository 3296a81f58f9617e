import type { CodeEntry } from './entry.js';

/** Why a directory, or a target over WinRM, was not signed in to with Kerberos. Nothing was changed, and no password was sent. */
export const KERBEROS = {
  'kerberos-skew': {
    class: 'refused',
    en: 'Kerberos refused the sign-in because two clocks differ by too much.',
    zhTW: '時鐘差異過大，Kerberos 拒絕登入。',
    next: {
      en: 'Synchronize the clocks of the computer and the domain controller (NTP), then submit again.',
      zhTW: '請以 NTP 同步電腦與網域控制站的時間，再重新提交。',
    },
  },
  'kerberos-refused': {
    class: 'refused',
    en: 'Kerberos refused the account: its keytab or password is wrong, or the account may not sign in.',
    zhTW: 'Kerberos 拒絕此帳戶：keytab 或密碼錯誤，或帳戶不得登入。',
    next: {
      en: 'Read the detail, then check the account in the directory and make its keytab anew.',
      zhTW: '請查看詳細資料，檢查目錄中的帳戶，並重新建立 keytab。',
    },
  },
  'kerberos-server-unknown': {
    class: 'refused',
    en: 'The domain has no service of this name (SPN ldap/<server>, over WinRM host/<server>), so the server could not prove who it is.',
    zhTW: '網域中沒有此名稱的服務（SPN ldap/<server>，WinRM 為 host/<server>），伺服器無法證明其身分。',
    next: {
      en: 'Name the server in the target by its full DNS name, or add the SPN to the account of the server.',
      zhTW: '請在目標中使用伺服器的完整 DNS 名稱，或在伺服器的帳戶加入該 SPN。',
    },
  },
  'kerberos-missing': {
    class: 'refused',
    en: 'Programs that Kerberos needs are missing on the worker.',
    zhTW: '工作程序所在的電腦缺少 Kerberos 所需的程式。',
    next: {
      en: 'Install krb5-user and libsasl2-modules-gssapi-mit, then submit again.',
      zhTW: '請安裝 krb5-user 與 libsasl2-modules-gssapi-mit，再重新提交。',
    },
  },
  'kdc-unreachable': {
    class: 'deferred',
    en: 'No Kerberos server (KDC) of the domain answered.',
    zhTW: '網域的 Kerberos 伺服器（KDC）沒有回應。',
    next: {
      en: 'Check the network, port 88 of the domain controllers, and kdcs of the credential.',
      zhTW: '請檢查網路、網域控制站的連接埠 88，以及認證的 kdcs。',
    },
  },
  'kerberos-ticket-expired': {
    class: 'deferred',
    en: 'The Kerberos ticket was missing or had expired. The next try gets another one.',
    zhTW: 'Kerberos 票證不存在或已過期，下次嘗試會取得新的票證。',
    next: { en: 'Nothing to do: the job is retried.', zhTW: '無須處理：作業會重試。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
