using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class InPlaceAnalyzerTests
{
    [Fact]
    public Task Fires_on_post_load_writes_into_a_parameter() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight.{|LANY0023:mul_|}(2);"""));

    [Fact]
    public Task Fires_on_post_load_writes_through_a_view() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight.view(2, 2)[0].{|LANY0023:fill_|}(0);"""));

    [Fact]
    public Task Fires_on_post_load_writes_elements() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() => {|LANY0023:Weight[0]|} = torch.tensor(1f);"""));

    [Fact]
    public Task Fires_on_anybody_reshapes() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale scale) => scale.Weight.{|LANY0023:set_|}(torch.zeros(1)); }"""));

    [Fact]
    public Task Stays_quiet_on_values_are_initialised() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """public Scale(float value) : base("s") { CreateParameters(); Weight.fill_(value); Weight[0] = torch.tensor(1f); }"""));

    [Fact]
    public Task Stays_quiet_on_something_else_is_written() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() { var copy = Weight.clone(); copy.mul_(2); Weight = New(copy); }"""));

    [Fact]
    public Task Stays_quiet_on_a_trainer_steps() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        "", after: """class Trainer { void M(Scale scale) => scale.Weight.add_(1); }"""));

    [Theory]
    [InlineData("""[PostLoad] void P() => Help(); void Help() => Weight.{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; w.{|LANY0023:mul_|}(2); }""")]
    [InlineData("""[PostLoad] void P() { var half = Weight.narrow(0, 0, 2); var one = half[0]; one.{|LANY0023:zero_|}(); }""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes|} = new byte[16];""")]
    [InlineData("""[PostLoad] void P() => Weight.bytes.{|LANY0023:Clear|}();""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes[0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes[0]|}++;""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.data<float>()[0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => new byte[16].CopyTo({|LANY0023:Weight.bytes|});""")]
    [InlineData("""[PostLoad] void P() => System.IO.Stream.Null.Read({|LANY0023:Weight.bytes|});""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight[0]|} += torch.tensor(1f);""")]
    [InlineData("""[PostLoad] void P() => ({|LANY0023:Weight[0]|}, _) = (torch.tensor(1f), 1);""")]
    [InlineData("""[PostLoad] void P() => init.{|LANY0023:zeros_|}(Weight);""")]
    [InlineData("""[PostLoad] void P() => Weight.to(ScalarType.Float32).{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() => Weight.to(ScalarType.Float32, copy: Size > 2).{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() => Weight.to(ScalarType.Float32, copy: false).{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight[torch.arange(2)]|} = torch.tensor(1f);""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight[Weight > 0]|} += torch.tensor(1f);""")]
    [InlineData("""[PostLoad] void P() => Weight[torch.tensor(2L)].{|LANY0023:zero_|}();""")]
    [InlineData("""[PostLoad] void P() => Weight?.{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { if (Weight is { } w) w.{|LANY0023:mul_|}(2); }""")]
    [InlineData("""[PostLoad] void P() => Weight.chunk(2)[0].{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { System.Threading.Tasks.Task.Run(() => Weight.{|LANY0023:mul_|}(2)); }""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Weight.{|LANY0023:set_|}(torch.zeros(4)); }""")]
    [InlineData("""void M() { var w = Weight; w.{|LANY0023:set_|}(torch.zeros(4)); }""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.storage<float>()[0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => Weight.storage<float>().{|LANY0023:fill_|}(1);""")]
    [InlineData("""[PostLoad] void P() => Weight.storage<float>().{|LANY0023:CopyFrom|}(new float[4], 0);""")]
    [InlineData("""[PostLoad] void P() => Weight.data<float>().{|LANY0023:CopyFrom|}(new float[4]);""")]
    [InlineData("""[PostLoad] void P() => functional.{|LANY0023:relu|}(Weight, inplace: true);""")]
    [InlineData("""[PostLoad] void P() => functional.{|LANY0023:relu|}(Weight.view(2, 2), Size > 2);""")]
    [InlineData("""[PostLoad] void P() => (Size > 2 ? Weight : Bias.clone()).{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { var w = Size switch { 4 => Bias.clone(), _ => Weight.view(2, 2) }; w.{|LANY0023:mul_|}(2); }""")]
    [InlineData("""[PostLoad] void P() { Tensor? other = null; (other ?? Weight).{|LANY0023:mul_|}(2); }""")]
    [InlineData("""void M() => Parameters.Weight.Value.{|LANY0023:set_|}(torch.zeros(1));""")]
    [InlineData("""void M() { foreach (var (_, p) in this.AllParameters()) p.Value.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { foreach (var bound in Parameters) bound.Value.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() => Parameters[0].Value.{|LANY0023:transpose_|}(0, 0);""")]
    [InlineData("""void M() { var bound = Parameters.Weight; var value = bound.Value; value.{|LANY0023:squeeze_|}(); }""")]
    [InlineData("""[PostLoad] void P() => Parameters.Weight.Value.{|LANY0023:mul_|}(2);""")]
    [InlineData("""void M() { foreach (var p in parameters()) p.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { foreach (var (name, p) in named_parameters()) p.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { foreach (var (name, p) in state_dict()) p.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { foreach (var pair in state_dict()) pair.Value.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { if (this is { Weight: var w }) w.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { if (this is { Parameters.Weight.Value: { } w }) w.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M(object o) { switch (o) { case Scale { Weight: Tensor w }: w.{|LANY0023:set_|}(torch.zeros(1)); break; } }""")]
    [InlineData("""Tensor M(object o) => o switch { Scale { Weight: var w } => w.{|LANY0023:set_|}(torch.zeros(1)), _ => torch.zeros(1) };""")]
    [InlineData("""void M() { if ((Weight, Bias) is (var w, _)) w.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { if (new[] { Weight } is [var w]) w.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { if (Weight is Tensor w) w.{|LANY0023:set_|}(torch.zeros(1)); (Weight as Tensor).{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { var (w, _) = (Weight, 1); w.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { Tensor w; int i; (w, (i, _)) = (Weight, (1, 2)); w.{|LANY0023:set_|}(torch.zeros(1)); }""")]
    [InlineData("""void M() { var pair = (Tensor: Weight, Copy: Weight.clone()); pair.Tensor.{|LANY0023:unsqueeze_|}(0); pair.Item1.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { var pair = (Weight.clone(), Weight); (Size > 2 ? pair.Item1 : pair.Item2).{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { foreach (var w in new Tensor[] { Weight, Bias }) w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { List<Tensor> all = [Weight, Bias]; all[0].{|LANY0023:unsqueeze_|}(0); foreach (var w in all) w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { Tensor[] all = [.. parameters()]; all[0].{|LANY0023:unsqueeze_|}(0); all[^1].{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { foreach (var (w, i) in new[] { ((Tensor)Weight, 0) }) w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { var all = new List<Tensor> { Weight }; all[0].{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { var named = new { W = Weight, N = 1 }; named.W.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""record Pair(Tensor A, Tensor B); void M() { var pair = new Pair(Weight.clone(), torch.zeros(1)) with { B = Weight }; pair.B.{|LANY0023:unsqueeze_|}(0); pair.A.unsqueeze_(0); }""")]
    [InlineData("""void M() { Tensor? w = null; w ??= Weight; w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { Tensor w; if (Size > 2) w = Weight; else w = Weight.clone(); w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { var w = Weight.clone(); if (Size > 2) w = Weight; w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { Tensor w = Weight.clone(); for (var i = 0; i < 2; i++) { w.{|LANY0023:unsqueeze_|}(0); w = Weight; } }""")]
    [InlineData("""void M() { Tensor w = Weight; var v = w; var u = v; w = w.clone(); u.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { Tensor w = Weight; ref var r = ref w; r.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { Tensor w = Weight.clone(); ref var r = ref w; r = Weight; w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() { Take(out var w); w.{|LANY0023:unsqueeze_|}(0); } void Take(out Tensor w) => w = Weight;""")]
    [InlineData("""void M() { Tensor w = Weight; Action a = () => w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""void M() => Weight?.view(-1).alias()?.DetachFromDisposeScope().{|LANY0023:zero_|}(); [PostLoad] void P() => M();""")]
    [InlineData("""void M() => Weight.contiguous().{|LANY0023:unsqueeze_|}(0);""")]
    [InlineData("""void M() => Weight.requires_grad_(false).{|LANY0023:unsqueeze_|}(0);""")]
    [InlineData("""[PostLoad] void P() => Help({|LANY0023:Weight|}); static void Help(Tensor t) => t.mul_(2);""")]
    [InlineData("""[PostLoad] void P() => Help({|LANY0023:Weight.view(-1)|}); void Help(Tensor t) { t.bytes[0] = 1; }""")]
    [InlineData("""[PostLoad] void P() => One({|LANY0023:Weight|}, 2); void One(Tensor t, int n) => Two(n, t); void Two(int n, Tensor t) => t[0] = torch.tensor(1f);""")]
    [InlineData("""[PostLoad] void P() => Once({|LANY0023:Weight|}); void Once(Tensor t) { if (Size > 2) Once(t[0]); else t.zero_(); }""")]
    [InlineData("""[PostLoad] void P() => Zaps.Zap({|LANY0023:Weight|});""")]
    [InlineData("""[PostLoad] void P() => Weight.{|LANY0023:Zap|}();""")]
    [InlineData("""[PostLoad] void P() => Weight.{|LANY0023:Zip|}();""")]
    [InlineData("""[PostLoad] void P() => Zaps.Bound({|LANY0023:Parameters.Weight|});""")]
    [InlineData("""[PostLoad] void P() => Zaps.All({|LANY0023:Weight|}, {|LANY0023:Bias|});""")]
    [InlineData("""[PostLoad] void P() => Zaps.Many({|LANY0023:new Tensor[] { Weight }|});""")]
    [InlineData("""[PostLoad] void P() { void Local(Tensor t) => t.mul_(2); Local({|LANY0023:Weight|}); }""")]
    [InlineData("""[PostLoad] void P() { Action<Tensor> f = t => t.mul_(2); f({|LANY0023:Weight|}); }""")]
    [InlineData("""[PostLoad] void P() { Action<Tensor> f = Zaps.Zap; f({|LANY0023:Weight|}); }""")]
    [InlineData("""[PostLoad] void P() { Func<Tensor, Tensor> f = init.zeros_; {|LANY0023:f|}(Weight); }""")]
    [InlineData("""void M() => Zaps.Shape({|LANY0023:Weight|});""")]
    [InlineData("""Tensor Same(Tensor t) => t; void M() => Same(Weight).{|LANY0023:unsqueeze_|}(0);""")]
    [InlineData("""Tensor Own => Weight; void M() => Own.{|LANY0023:unsqueeze_|}(0);""")]
    [InlineData("""Tensor Own() { var w = Weight; return w; } void M() => Own().{|LANY0023:unsqueeze_|}(0);""")]
    [InlineData("""(Tensor, Tensor) Both() => (Weight.clone(), Bias); void M() { var (a, b) = Both(); a.unsqueeze_(0); b.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""IEnumerable<Tensor> Each() { yield return Weight; } void M() { foreach (var w in Each()) w.{|LANY0023:unsqueeze_|}(0); }""")]
    [InlineData("""[PostLoad] void P() { Func<Tensor, Tensor> f = Weight.{|LANY0023:add_|}; }""")]
    [InlineData("""[PostLoad] void P() { Action f = Weight.view(-1).{|LANY0023:Zap|}; }""")]
    [InlineData("""void M() { Func<Tensor, Tensor> f = Weight.{|LANY0023:set_|}; f(torch.zeros(1)); }""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes[^1]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes[1..][0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => Weight.bytes[1..].{|LANY0023:Fill|}(1);""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes.Slice(1)[0]|} ^= 1;""")]
    [InlineData("""[PostLoad] void P() => --{|LANY0023:Weight.bytes[0]|};""")]
    [InlineData("""[PostLoad] void P() { var bytes = Weight.bytes; {|LANY0023:bytes[0]|} = 1; }""")]
    [InlineData("""[PostLoad] void P() { ref var first = ref Weight.bytes[0]; {|LANY0023:first|} = 1; }""")]
    [InlineData("""[PostLoad] void P() { foreach (ref var b in Weight.bytes) {|LANY0023:b|} = 1; }""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Weight.bytes)[0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:System.Runtime.InteropServices.MemoryMarshal.GetReference(Weight.bytes)|} = 1;""")]
    [InlineData("""[PostLoad] void P() => System.Runtime.InteropServices.MemoryMarshal.Write({|LANY0023:Weight.bytes|}, 1f);""")]
    [InlineData("""[PostLoad] void P() => System.Runtime.CompilerServices.Unsafe.WriteUnaligned({|LANY0023:ref Weight.bytes[0]|}, 1f);""")]
    [InlineData("""[PostLoad] unsafe void P() { fixed (byte* p = Weight.bytes) { {|LANY0023:p[0]|} = 1; {|LANY0023:*p|} = 1; var q = p + 1; {|LANY0023:*q|} = 1; } }""")]
    [InlineData("""[PostLoad] void P() => Set({|LANY0023:ref Weight.bytes[0]|}); void Set(ref byte b) => b = 1;""")]
    [InlineData("""[PostLoad] void P() => System.Threading.Interlocked.Increment({|LANY0023:ref System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(Weight.bytes)[0]|});""")]
    [InlineData("""[PostLoad] void P() => Weight[0].{|LANY0023:zero_|}();""")]
    [InlineData("""[PostLoad] void P() => Weight[..2].{|LANY0023:zero_|}();""")]
    [InlineData("""[PostLoad] void P() => Weight.T.{|LANY0023:zero_|}();""")]
    [InlineData("""[PostLoad] void P() => Weight.view(-1).{|LANY0023:add_|}(1).{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { foreach (var part in Weight.unbind()) part.{|LANY0023:zero_|}(); }""")]
    [InlineData("""void M() => nn.utils.vector_to_parameters(torch.zeros(8), {|LANY0023:parameters()|});""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(code, after: Zaps));

    [Theory]
    [InlineData("""[PostLoad] void P() => Weight = New(Weight.clone().mul_(2));""")]
    [InlineData("""[PostLoad] void P() { Weight.requires_grad_(false); Weight.requires_grad = false; Weight.grad = null; }""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; Tensor t = w; t = t.clone(); t.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() => Weight.bytes.CopyTo(new byte[16]);""")]
    [InlineData("""[PostLoad] void P() { var t = Weight.alias(); t.unsqueeze_(0); Weight.mul(2).add_(1); }""")]
    [InlineData("""string N => nameof(Weight.mul_);""")]
    [InlineData("""[PostLoad] void P() { Weight.data<float>().CopyTo(new float[4]); var first = Weight.storage<float>()[0]; }""")]
    [InlineData("""[PostLoad] void P() { functional.relu(Weight); functional.relu(Weight, inplace: false); functional.relu(Weight * 2, inplace: true); }""")]
    [InlineData("""[PostLoad] void P() => (Size > 2 ? Weight.clone() : Bias * 2).mul_(2);""")]
    [InlineData("""[PostLoad] void P() { Tensor w = Weight; if (Size > 2) { w = w.clone(); w.mul_(2); } }""")]
    [InlineData("""[PostLoad] void P() { Tensor w = Weight; w = Size > 2 ? w.clone() : w * 2; for (var i = 0; i < 2; i++) w.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() { Tensor w = Weight; w += 1; w.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() => Weight.to(ScalarType.Float32, copy: true).mul_(2);""")]
    [InlineData("""[PostLoad] void P() { var w = Weight.to(torch.float32, torch.CPU, true).view(2, 2); w.mul_(2); w[0] = torch.tensor(1f); }""")]
    [InlineData("""[PostLoad] void P() { var (w, copy) = (Weight, Weight.clone()); copy.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() { Func<Tensor, Tensor> f = Weight.clone().add_; f(Weight); }""")]
    [InlineData("""[PostLoad] void P() => Help(Weight); static void Help(Tensor t) { var copy = t.clone(); copy.mul_(2); t = copy; t.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() => Help(Weight * 2, Weight); static void Help(Tensor t, Tensor by) => t.mul_(by);""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Help(Weight); } static void Help(Tensor t) => t.zero_();""")]
    [InlineData("""[PostLoad] void P() => Weight = New(Fresh(Weight).mul_(2)); static Tensor Fresh(Tensor t) => t.clone();""")]
    [InlineData("""[PostLoad] void P() { Tensor[] all = [Weight, Bias]; all[0] = torch.zeros(1); var (a, b) = (all[0], 1); var sum = Weight.bytes[^1] + Weight.bytes[..2].Length; }""")]
    [InlineData("""[PostLoad] void P() { System.Linq.Expressions.Expression<Func<Tensor>> e = () => Weight.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() { var floats = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Weight.bytes); var first = floats[0]; ref readonly var r = ref floats[0]; }""")]
    [InlineData("""[PostLoad] void P() { if (Weight.clone() is { } w) w.mul_(2); if (this.Size is var n) n++; }""")]
    [InlineData("""void M() => nn.utils.clip_grad_norm_(parameters(), 1.0);""")]
    [InlineData("""[PostLoad] void P() { var both = new { W = Weight, C = Weight.clone() }; both.C.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() { var w = Weight.clone(); Action a = () => w.mul_(2); a(); }""")]
    [InlineData("""void M() { var w = Weight.view(2, 2); w.unsqueeze_(0); Shaped(Weight.alias()); } void Shaped(Tensor t) => t.unsqueeze_(0);""")]
    [InlineData("""[PostLoad] void P() { Tensor w; if (Size > 2) { w = Weight; w.sum(); } else { w = Weight.clone(); w.mul_(2); } }""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(code));

    private const string Zaps = """
        static class Zaps
        {
            public static void Zap(this Tensor t) => t.mul_(2);
            extension(Tensor t) { public void Zip() => t.mul_(2); }
            public static void Bound(BoundParameter bound) => bound.Value.mul_(2);
            public static void All(params Tensor[] all) { foreach (var each in all) each.zero_(); }
            public static void Many(IEnumerable<Tensor> all) { foreach (var each in all) each.zero_(); }
            public static void Shape(Tensor t) => t.unsqueeze_(0);
        }
        """;
}
