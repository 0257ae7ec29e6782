import { Navigate } from 'react-router';
import { useIsAdmin } from '../api/session';

/** Where one lands: an administrator at the connectors, an owner at what needs him. */
export function Start() {
  return <Navigate to={useIsAdmin() ? '/connectors' : '/inbox'} replace />;
}
