"""分享链接: a holder shows a certificate to others by a link with an end, as for a tender."""
