import re, itertools, traceback
from datetime import timedelta
import pytest
from werkzeug.routing import BuildError
from petitions.identity.roles import Role
from petitions.law.states import State
from tests import making
from tests.making import AT
from flask.testing import FlaskClient
from html.parser import HTMLParser
class P(HTMLParser):
    def __init__(s): super().__init__(); s.forms=[]; s.f=None; s.sel=None; s.ta=None
    def handle_starttag(s,t,a):
        a=dict(a)
        if t=='form': s.f={'a':a.get('action'),'m':(a.get('method') or 'get').upper(),'v':{}}; s.forms.append(s.f)
        if s.f is None: return
        n=a.get('name'); v=s.f['v']
        if t in('input','button') and n:
            if a.get('type')=='radio': v.setdefault(n,a.get('value') or '')
            elif t=='input': v[n]=a.get('value') or ''
        if t=='select' and n: s.sel=n; v[n]=''
        if t=='option' and s.sel and (not v[s.sel] or 'selected' in a): v[s.sel]=a.get('value') or ''
        if t=='textarea' and n: v[n]='' ; s.ta=n
    def handle_data(s,d):
        if s.ta and s.f: s.f['v'][s.ta]+=d
    def handle_endtag(s,t):
        if t=='form': s.f=None
        if t=='select': s.sel=None
        if t=='textarea': s.ta=None

NUL='a\x00b'
def test_fuzz(request, app):
    app.test_client_class = FlaskClient
    making.use_demo_registry(app)
    making.law_time(AT + timedelta(days=1))
    author = making.a_citizen('aigul')
    draft = making.a_draft(author)
    checking = making.a_filed_petition(author)
    supporting = making.a_petition_in(State.SUPPORTING, author_id=author)
    exam = making.a_petition_in(State.EXAMINATION, author_id=author)
    pub = making.a_petition_in(State.PUBLISHED, author_id=author)
    body = making.body_of(making.SETTLEMENT)
    roles=[Role.MODERATOR,Role.SENIOR_MODERATOR,Role.OFFICER,Role.HEAD,Role.ADMINISTRATOR]
    clients={}
    clients['guest']=app.test_client()
    c=app.test_client(); making.sign_in(c,citizen_id=author); clients['citizen']=c
    sid=making.a_staff_member(roles,body_id=body)
    making.law_time(AT + timedelta(days=60))
    bad=[]
    seen=set()
    def call(who, method, url, **kw):
        cl=clients[who]
        try:
            r=cl.open(url, method=method, **kw)
            if r.status_code>=500: bad.append((who,method,url,kw.get('data'),r.status_code))
            return r
        except Exception as e:
            tb=traceback.extract_tb(e.__traceback__)
            where=[f"{f.filename.split('/')[-1]}:{f.lineno}" for f in tb if 'main/petitions' in f.filename][-3:]
            key=(type(e).__name__,tuple(where[-2:]))
            if key in seen: return None
            seen.add(key)
            bad.append((who,method,url,{k:v for k,v in (kw.get('data') or {}).items()} if isinstance(kw.get('data'),dict) else None,type(e).__name__,str(e)[:150],where))
    c=app.test_client(); making.sign_in(c,staff_id=sid); clients['staff']=c
    strs=['750000000','mki',NUL,'9'*40,'../x','é','min_age',str(exam), 'announcement', '2026-01-01','2026']
    ids=[draft,checking,supporting,exam,pub,0,2**31,2**63,10**30, body]
    names=set()
    n=0
    forms=[]
    for rule in app.url_map.iter_rules():
        if rule.endpoint=='static' or 'sign_out' in rule.endpoint: continue
        args=[a for a in rule.arguments if a!='lang']
        choices=[]
        for a in args:
            conv=rule._converters[a].__class__.__name__
            choices.append(ids if conv=='IntegerConverter' else strs)
        if args and args[-1]=='slug' and 'steps' in rule.rule:
            from petitions.consideration.steps import STEPS
            choices[-1]=list(STEPS)
        combos=list(itertools.product(*choices))[:220] or [()]
        for combo in combos:
            vals=dict(zip(args,combo))
            from urllib.parse import quote
            url=re.sub(r'<(?:[^:<>]+(?:\([^)]*\))?:)?([^<>]+)>',lambda m: 'kk' if m.group(1)=='lang' else quote(str(vals[m.group(1)]),safe=''),rule.rule)
            for who in clients:
                if 'GET' in rule.methods:
                    r=call(who,'GET',url); n+=1
                    if r is not None and r.status_code==200 and 'html' in (r.content_type or ''):
                        pp=P(); pp.feed(r.get_data(as_text=True))
                        for f in pp.forms:
                            fields=f['v']
                            act=f['a'] or url
                            meth=f['m']
                            key=(who,re.sub(r'\d+','N',act.split('?')[0])[:100],meth,tuple(sorted(fields)))
                            if key not in seen:
                                seen.add(key); forms.append((who,meth,act,fields))
                        
                if 'POST' in rule.methods:
                    call(who,'POST',url,data={}); n+=1
    BAD=[NUL,'9'*30,'-1','9999-12-31','0001-01-01','x'*25000,'2026-02-30','\ud83d\ude00','a@b\x00.kz','1e5','٣','²','2**31',str(2**31), 'NaN','25:99','23:59', '=cmd', 'https://x\u0000y']
    for who,meth,act,fields in forms:
        if 'law-clock' in act or 'sign-out' in act: continue
        for name in list(fields):
            if name=='csrf_token': continue
            for b in BAD:
                d=dict(fields); d[name]=b
                for k,v in d.items():
                    if k!=name and not v: d[k]='Сынақ мәтіні жеткілікті ұзын болуы керек' if 'date' not in k and k not in('on','due') else '2026-07-01'
                if meth=='GET': call(who,'GET',act.split('?')[0],query_string=d)
                else: call(who,'POST',act,data=d)
                n+=1
            if n>60000: break
    # form law clock
    for b in BAD+['0','1','365','100000']:
        r=call('staff','POST','/kk/console/law-clock',data={'step':'days','days':b})
    for url in ['/kk/petitions?kato=%00&place=%00&body=%00&page=99999999999&sort=%00&group=%00&level=%00','/kk/sign-in?next=%00','/kk/console/audit?subject=%00&before=99999999999999999999','/kk/territories?name=%00','/kk/law?edition=%00','/kk/drafts/1?add=%00&place=%00','/kk/console/bodies?q=%00','/kk/console/bodies?text=%00','/kk/%00','/%00','/kk/petitions?page=%ff%fe', '/kk/console/calendar?year=99999','/kk/console/calendar?year=%00']:
        for who in clients: call(who,'GET',url)
    for u in ['/kk/staff/sign-in']:
        call('guest','POST',u,data={'email':'a\x00@b.kz','password':'x\x00'})
    print('calls',n,'forms',len(forms))
    for b in bad: print(b)
    assert not bad
