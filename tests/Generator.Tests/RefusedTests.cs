using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests;

/// <summary>What cannot work does not compile, and never stops the generator.</summary>
public sealed class RefusedTests
{
    [Theory]
    [InlineData("public partial Parameter W { get => null!; set { } }", "CS9251")]
    [InlineData("public partial Parameter W => null!;", "CS0102")]
    public void An_implementation_of_the_authors_own_collides(string implementation, string error) =>
        Assert.Contains(error, Errors($$"""[Parameter("n")] public partial Parameter W { get; set; } {{implementation}}"""));

    [Theory]
    [InlineData("public void Use() => System.Threading.Interlocked.Exchange(ref W, null!);", "CS0206")]
    [InlineData("public void Use() => W = null;", "CS8625")]
    [InlineData("public void Use() => field = null!;", "CS0103")]
    public void The_store_cannot_be_reached(string member, string error) =>
        Assert.Contains(error, Errors($$"""[Parameter("n")] public partial Parameter W { get; set; } {{member}}"""));

    [Theory]
    [InlineData("[Parameter(\"n\")] public partial Parameter W { get; set; } [Parameter(\"n\")] public partial Parameter W { get; set; }", "CS9250")]
    [InlineData("[Parameter] public partial Parameter W { get; set; }", "CS7036")]
    [InlineData("[Parameter(1)] public partial Parameter W { get; set; }", "CS1503")]
    [InlineData("[Parameter(\"n\"), FromCheckpoint(\"w\")] public partial Parameter W { get; set; }", "CS7036")]
    [InlineData("[Parameter(\"n\")] public partial Missing W { get; set; }", "CS0246")]
    [InlineData("[Axis(1)] public int N => 1;", "CS1503")]
    [InlineData("[Parameter(\"n\")] public partial Parameter", "CS1002")]
    [InlineData("[Parameter(\"n\")] public partial Parameter W {", "CS1513")]
    [InlineData("[PostLoad] private void Run() => W = ", "CS1525")]
    public void A_broken_member_is_the_compilers_to_report(string member, string error) => Assert.Contains(error, Errors(member));

    [Theory]
    [InlineData("[ParameterModule] partial class C { }")]
    [InlineData("[ParameterModule] static partial class C { }")]
    [InlineData("[ParameterModule] partial record C { }")]
    [InlineData("[ParameterModule] partial class C : Missing { }")]
    [InlineData("[ParameterModule] file partial class C() : Module<Tensor, Tensor>(\"\") { public override Tensor forward(Tensor input) => input; }")]
    [InlineData("file partial class Outer { [ParameterModule] partial class C() : Module<Tensor, Tensor>(\"\") { public override Tensor forward(Tensor input) => input; } }")]
    public void Nothing_is_written_for_what_cannot_be_completed(string source) => Assert.Empty(Harness.Run(source).Files);

    [Fact]
    public void A_class_below_an_annotated_one_is_left_alone() => Assert.Equal(["A.g.cs"], Harness.Run("""
        [ParameterModule] partial class A() : Module<Tensor, Tensor>("") { public override Tensor forward(Tensor input) => input; }
        [ParameterModule] partial class B : A;
        """).Files.Keys);

    [Fact]
    public void An_attribute_on_two_parts_writes_one_file() => Assert.Single(Harness.Run("""
        [ParameterModule] partial class A() : Module<Tensor, Tensor>("") { public override Tensor forward(Tensor input) => input; }
        [ParameterModule] partial class A;
        """).Files);

    [Theory]
    [InlineData("partial class C", "sealed class C", "CS0260")]
    [InlineData("partial class C", "sealed class Outer { [ParameterModule] partial class C", "CS0260")]
    public void What_is_not_partial_says_so(string before, string after, string error) => Assert.Contains(error, Ids(
        Class("").Replace("[ParameterModule]\nsealed " + before, (after.Contains("Outer", StringComparison.Ordinal) ? "" : "[ParameterModule]\n") + after, StringComparison.Ordinal)
        + (after.Contains("Outer", StringComparison.Ordinal) ? "}" : "")));

    private static IEnumerable<string> Errors(string members) => Ids(Class(members));

    private static IEnumerable<string> Ids(string source) => Harness.Run(source).Diagnostics.Where(diagnostic => diagnostic.Id != "CS1591").Select(diagnostic => diagnostic.Id);

    private static string Class(string members) => $$"""
        [ParameterModule]
        sealed partial class C : Module<Tensor, Tensor>
        {
            public C() : base("C") => RegisterComponents();
            {{members}}
            public override Tensor forward(Tensor input) => input;
        }
        """;
}
