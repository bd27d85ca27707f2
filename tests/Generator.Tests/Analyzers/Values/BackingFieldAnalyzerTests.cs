using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class BackingFieldAnalyzerTests
{
    [Fact]
    public Task Fires_on_a_text() => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With(
        """static string Name => {|LANY0027:"<Weight>k__BackingField"|};"""));

    [Fact]
    public Task Stays_quiet_on_other_texts() => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With(
        """static string Name => "Weight";"""));

    [Theory]
    [InlineData("""static string Name => $"<{nameof(Weight)}{|LANY0027:>k__BackingField|}";""")]
    [InlineData("""static string Name => "<" + nameof(Weight) + {|LANY0027:">k__BackingField"|};""")]
    [InlineData("""static string Name => {|LANY0027:@"<Weight>k__BackingField"|};""")]
    [InlineData("""static string Name => {|LANY0027:"<weight>K__backingfield"|};""")]
    [InlineData("""static string Name => {|LANY0027:"<Weight>k__" + "BackingField"|};""")]
    [InlineData("""static string Name => {|LANY0027:"<" + nameof(Weight) + ">k__" + ("Backing" + "Field")|};""")]
    [InlineData("""static string Name => {|LANY0027:$"<{nameof(Weight)}>k__{"BackingField"}"|};""")]
    [InlineData("""const string Tail = "BackingField"; static string Name => {|LANY0027:"<Weight>k__" + Tail|};""")]
    [InlineData("""const string Tail = "k__BackingField"; const string Name = {|LANY0027:$"<{nameof(Weight)}>{Tail}"|}; static string N => Name;""")]
    [InlineData("""static object? M() { const string open = "<", close = {|LANY0027:">k__BackingField"|}; return typeof(Scale).GetField({|LANY0027:open + "Weight" + close|}); }""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""static class Reach { [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = {|LANY0027:"<Weight>k__BackingField"|})] static extern ref Parameter Weight(Scale scale); }""")]
    [InlineData("""static class Reach { [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = {|LANY0027:"<" + nameof(Scale.Weight) + ">k__" + "BackingField"|})] static extern ref Parameter Weight(Scale scale); }""")]
    [InlineData("""static class Reach { const string Head = "<Weight>k__"; [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = {|LANY0027:$"{Head}BackingField"|})] static extern ref Parameter Weight(Scale scale); }""")]
    [InlineData("""static class Reach { const string Name = {|LANY0027:"<Weight>k__" + "BackingField"|}; [{|LANY0027:System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = Name)|}] static extern ref Parameter Weight(Scale scale); }""")]
    [InlineData("""static class Reach { [{|LANY0027:System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = "set_Weight")|}] static extern void Set([System.Runtime.CompilerServices.UnsafeAccessorType("Scale")] object scale, Parameter value); }""")]
    [InlineData("""static class Reach { [{|LANY0027:System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = "Move")|}] static extern void Move([System.Runtime.CompilerServices.UnsafeAccessorType("Lanyard.ParameterSet, Lanyard")] object set); }""")]
    [InlineData("""static class Reach { [{|LANY0027:System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_internal_params")|}] static extern ref TorchSharp.Utils.OrderedDict<string, Parameter> Registry(Module module); }""")]
    [InlineData("""static class Reach { [{|LANY0027:System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = "set_Weight")|}] static extern void Set(Scale scale, Parameter value); }""")]
    [InlineData("""static class Reach { [{|LANY0027:System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_value")|}] static extern ref Parameter Value(BoundParameter bound); }""")]
    [InlineData("""static class Reach { [{|LANY0027:System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field)|}] static extern ref int _assigning(ParameterSet set); }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""static string Name => $"{nameof(Weight)} k__BackingField";""")]
    [InlineData("""const string Tail = "k__BackingField"; static string Name => "a " + Tail + $" b{Tail}" + 1; int Sum => 1 + Size;""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""static class Reach { [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_items")] static extern ref int[] Items(List<int> list); }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With("", after: code));
}
