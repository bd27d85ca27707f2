using System.Text.RegularExpressions;

namespace Lanyard.Generator.Tests;

/// <summary>What the generator reads from the bodies of post-load methods.</summary>
public sealed partial class PostLoadTableTests
{
    [Theory]
    [InlineData("A = New(B);", "1", "0")]
    [InlineData("this.A = New(this.B);", "1", "0")]
    [InlineData("(A) = New((B));", "1", "0")]
    [InlineData("A = New(B!);", "1", "0")]
    [InlineData("_ = A;", "0", "")]
    [InlineData("A = A;", "0", "0")]
    [InlineData("A = B = New(C);", "2", "0, 1")]
    [InlineData("(A, B) = (New(C), New(C));", "2", "0, 1")]
    [InlineData("(A, (B, _)) = (New(C), (New(C), 1));", "2", "0, 1")]
    [InlineData("(this.A, var rest) = (New(C), 1);", "2", "0")]
    [InlineData("A ??= New(B);", "0, 1", "0")]
    [InlineData("var self = this; self.A = New(self.B);", "1", "0")]
    [InlineData("var self = this; self?.A = New(self!.B);", "1", "0")]
    [InlineData("_ = this is { A: { } a, B.requires_grad: true };", "0, 1", "")]
    [InlineData("Action later = () => A = New(B); later();", "1", "0")]
    [InlineData("Make(); void Make() => A = New(B);", "1", "0")]
    [InlineData("foreach (var i in Enumerable.Range(0, 2).Select(i => B + i)) A = New(i);", "1", "0")]
    [InlineData("Console.WriteLine(nameof(A) + nameof(this.B));", "", "")]
    [InlineData("var A = 1; Console.WriteLine(A);", "", "")]
    [InlineData("Func<int, int> f = A => A; f(1);", "", "")]
    [InlineData("foreach (var A in new[] { 1 }) Console.WriteLine(A);", "", "")]
    [InlineData("_ = from A in new[] { 1 } select A + 1;", "", "")]
    [InlineData("Local(1); void Local(int B) => Console.WriteLine(B);", "", "")]
    [InlineData("Helper(); void Helper() { }", "", "")]
    [InlineData("_ = New(value: C).shape; _ = (A: 1, B: 2);", "2", "")]
    [InlineData("_ = new { A, B = 1 };", "0", "")]
    [InlineData("_ = A is Parameter ? B.shape : C.shape;", "0, 1, 2", "")]
    [InlineData("Console.WriteLine($\"{A}\"); Tensor[] all = [B]; all = new[] { C };", "0, 1, 2", "")]
    [InlineData("using var a = A.clone(); if (B.is_contiguous() && !C.requires_grad) return;", "0, 1, 2", "")]
    [InlineData("Tensor Make() { return C; } _ = Make()[0];", "2", "")]
    [InlineData("Overload(1);", "1", "")]
    [InlineData("Other.A = 1; Console.WriteLine(Other.B);", "", "")]
    [InlineData("_ = new Other { C = 1 };", "", "")]
    [InlineData("_ = new Derived { A = New(B) };", "1", "")]
    [InlineData("_ = new Pair(1, 2) with { A = 3, B = C.dim() };", "2", "")]
    [InlineData("_ = new Outer { Inner = { A = C } };", "2", "")]
    [InlineData("A = (Parameter)New(B);", "1", "0")]
    [InlineData("((this.A, B), _) = ((New(C), New(C)), A);", "0, 2", "0, 1")]
    [InlineData("A.copy_(B); C[0] = B;", "0, 1, 2", "")]
    [InlineData("switch (A) { case { } x when B is not null: C = New(x); break; }", "0, 1", "2")]
    [InlineData("Changed += Helper;", "1", "0")]
    [InlineData("_ = Parted;", "0, 2", "")]
    [InlineData("Parted = New(A);", "0", "1")]
    [InlineData("Helper();", "1", "0")]
    [InlineData("this.Helper();", "1", "0")]
    [InlineData("Action helper = Helper; helper();", "1", "0")]
    [InlineData("Deep();", "1, 2", "0")]
    [InlineData("Loop(3);", "2", "1")]
    [InlineData("Generic<int>();", "1", "")]
    [InlineData("_ = Sum;", "0, 1", "")]
    [InlineData("Assigned = New(C);", "2", "1")]
    [InlineData("Virtual();", "2", "2")]
    [InlineData("Elsewhere();", "0", "2")]
    [InlineData("Static(this);", "0", "1")]
    [InlineData("A = New(Parameters.B.Value);", "1", "0")]
    [InlineData("_ = this.Parameters.C.Layout;", "2", "")]
    public void A_body_reads_and_writes(string body, string reads, string writes)
    {
        var file = Harness.Generate(Source.Replace("BODY", body, StringComparison.Ordinal), Part)["Derived.g.cs"];
        var row = Row().Match(file);
        Assert.Equal((reads, writes), (row.Groups["reads"].Value, row.Groups["writes"].Value));
    }

    [Theory]
    [InlineData("Reads: _ = A; | Makes: A = New(B);", "Makes, Reads")]
    [InlineData("First: _ = A; | Second: _ = A;", "First, Second")]
    [InlineData("Last: _ = B; | Middle: B = New(A); | Scales: A = New(A);", "Scales, Middle, Last")]
    [InlineData("First: B = New(A); | Second: A = New(B);", "First, Second")]
    [InlineData("Free: _ = C; | First: B = New(A); | Second: A = New(B);", "Free, First, Second")]
    [InlineData("Reads: _ = A; | Both: A = New(A); | Again: A = New(A);", "Both, Again, Reads")]
    public void Whoever_assigns_runs_before_those_that_only_read(string methods, string expected)
    {
        var bodies = methods.Split(" | ").Select(method => method.Split(": ", 2)).Select(method => $"[PostLoad] private void {method[0]}() {{ {method[1]} }}");
        var source = Source.Replace("[PostLoad] private void Row() { BODY }", string.Join('\n', bodies), StringComparison.Ordinal);
        var rows = Row().Matches(Harness.Generate(source, Part)["Derived.g.cs"]);
        Assert.Equal(expected, string.Join(", ", rows.Select(row => row.Groups["name"].Value)));
    }

    [Theory]
    [InlineData("_scale = 1;", "_module._scale")]
    [InlineData("(A, this._scale, Count) = (New(B), 1, 2);", "_module._scale, _module.Count")]
    [InlineData("Count++; s_runs += 1; _scale = Count;", "_module.Count, global::Derived.s_runs, _module._scale")]
    [InlineData("Fill(out _scale);", "_module._scale")]
    [InlineData("Keep();", "_module._scale")]
    [InlineData("Kept = 1;", "_module._scale")]
    [InlineData("Action later = () => _scale = 1; later();", "_module._scale")]
    [InlineData("A = New(A * _scale); Console.WriteLine(Count + s_runs);", "")]
    [InlineData("var _scale = 1f; _scale = 2f; Console.WriteLine(_scale);", "")]
    public void What_a_body_assigns_beside_parameters_is_remembered(string body, string expected)
    {
        var file = Harness.Generate(Source.Replace("BODY", body, StringComparison.Ordinal), Part)["Derived.g.cs"];
        Assert.Equal(expected, string.Join(", ", Remembered().Matches(file).Select(match => match.Groups["what"].Value)));
        Assert.Equal(expected, string.Join(", ", PutBack().Matches(file).Select(match => match.Groups["what"].Value)));
    }

    [Fact]
    public void So_is_what_an_undo_assigns()
    {
        var source = Source.Replace("[PostLoad] private void Row() { BODY }", "[PostLoad(Undo = nameof(Keep))] private void Row() { }", StringComparison.Ordinal);
        Assert.Equal("_module._scale", Remembered().Match(Harness.Generate(source, Part)["Derived.g.cs"]).Groups["what"].Value);
    }

    [GeneratedRegex("""var value\d = (?<what>.*);""")]
    private static partial Regex Remembered();

    [GeneratedRegex("""(?<what>[\w:.]+) = value\d;""")]
    private static partial Regex PutBack();

    [GeneratedRegex("""new\("(?<name>\w+)", \[(?<reads>[\d, ]*)\], \[(?<writes>[\d, ]*)\]\),""")]
    private static partial Regex Row();

    private const string Source = """
        class Other
        {
            public static int A { get; set; }
            public static int B { get; set; }
            public int C { get; set; }
        }

        record Pair(int A, long B);

        class Inner
        {
            public Tensor A { get; set; } = null!;
        }

        class Outer
        {
            public Inner Inner { get; } = new();
        }

        abstract class Base() : Module<Tensor, Tensor>("Base")
        {
            protected abstract void Virtual();
        }

        [ParameterModule]
        sealed partial class Derived : Base
        {
            [Axis] public int N => 2;

            [Parameter("n")][FromCheckpoint("a", "n")] public partial Parameter A { get; set; }
            [Parameter("n")][FromCheckpoint("b", "n")] public partial Parameter B { get; set; }
            [Parameter("n")][FromCheckpoint("c", "n")] public partial Parameter C { get; set; }

            [PostLoad] private void Row() { BODY }

            private static int s_runs = 1;
            private float _scale = 1;
            private int Count { get; set; }
            private float Numbers => _scale + Count + s_runs;
            private float Kept { set => _scale = value; }
            private void Keep() => _scale = 1;
            private static void Fill(out float value) => value = 1;
            private Tensor Sum => A + B;
            private event Action Changed { add => value(); remove { } }
            private partial Tensor Parted { get; set; }
            private Parameter Assigned { get => C; set => B = value; }
            private void Overload(int i) => _ = B;
            private void Overload(string s) => _ = C;
            private void Helper() => A = New(B);
            private void Deep() { Helper(); _ = C; }
            private void Loop(int depth) { if (depth > 0) Loop(depth - 1); B = New(C); }
            private void Generic<T>() => _ = B;
            protected override void Virtual() => C = New(C);
            private static void Static(Derived module) => module.B = New(module.A);
            private static Parameter New(Tensor value) => new(value, requires_grad: false);
            public override Tensor forward(Tensor input) => input;
        }
        """;

    private const string Part = """
        sealed partial class Derived
        {
            private partial Tensor Parted { get => A + C; set => B = New(value); }
            private void Elsewhere() => C = New(A);
        }
        """;
}
