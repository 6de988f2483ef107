//! The client of a connection: its address, also behind proxies that are trusted, and how long it may leave an answer
//! unread.
use crate::platform::config::Server;
use actix_web::{HttpRequest, dev::ServiceRequest, http::header::HeaderMap, rt::net::TcpStream, web};
use ipnet::IpNet;
use std::{net::IpAddr, net::SocketAddr, time::Duration};

/// Proxies whose `X-Forwarded-For` is believed.
#[derive(Debug, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Those of the settings.
    pub fn of(settings: &Server) -> anyhow::Result<Self> {
        settings.proxies().map(Self).map_err(|fault| anyhow::anyhow!("server.trusted_proxies: {fault}"))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The nearest address that is no trusted proxy: every proxy adds the one that it saw at the end, so whatever
    /// stands before the first stranger is only what that stranger says.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let told = headers.get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        let told: Vec<_> = told.flat_map(|value| value.split(',')).collect();
        let mut client = peer.to_canonical();
        for one in told.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            let Some(next) = address(one.trim()) else { break };
            client = next.to_canonical();
        }
        client
    }
}

/// An address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().map(|address| address.ip()).ok())
}

/// The address of the client that sent a request; none where the connection has none.
pub fn address_of(req: &HttpRequest) -> Option<IpAddr> {
    let proxies = req.app_data::<web::Data<Proxies>>();
    let peer = req.peer_addr()?.ip();
    Some(proxies.map_or(peer, |proxies| proxies.client(peer, req.headers())))
}

/// The same, before a request reaches its handler.
pub fn address_before(req: &ServiceRequest) -> Option<IpAddr> {
    address_of(req.request())
}

/// Closes connections whose client leaves sent data unacknowledged, or has no room for more, for so many seconds
/// (`TCP_USER_TIMEOUT`); 0 leaves them to the system.
pub fn limit_unread(seconds: u32) -> impl Fn(&TcpStream) + Send + Clone + 'static {
    move |stream| {
        let limit = (seconds > 0).then(|| Duration::from_secs(seconds.into()));
        if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(limit) {
            tracing::debug!(error = %error, "a connection has no limit for unread answers");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let server = crate::platform::config::Config::defaults().unwrap().server;
        let proxies = Proxies::of(&Server { trusted_proxies: proxies.into(), ..server }).unwrap();
        let request = forwarded.iter().fold(TestRequest::default(), |r, v| r.append_header(("X-Forwarded-For", *v)));
        proxies.client(peer.parse().unwrap(), request.to_http_request().headers()).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_may_tell_whom_it_speaks_for() {
        assert_eq!(client("", "198.51.100.1", &["203.0.113.9"]), "198.51.100.1");
        assert_eq!(client("10.0.0.0/8", "198.51.100.1", &["203.0.113.9"]), "198.51.100.1");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["1.1.1.1, 203.0.113.9, 10.9.9.9"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["1.1.1.1", "203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["nonsense"]), "10.1.2.3");
        assert_eq!(client("10.0.0.0/8,::1", "::1", &["[2001:db8::7]"]), "2001:db8::7");
        assert_eq!(client("127.0.0.1", "::ffff:127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
    }
}
