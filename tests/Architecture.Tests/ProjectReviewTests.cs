namespace Lanyard.Architecture.Tests;

/// <summary>What the review finds, in projects of a few lines.</summary>
public sealed class ProjectReviewTests
{
    private static readonly ProjectPlan Plan = new("Home", "Low", "Left | Right", "Top");

    private static readonly SourceFile[] Permitted =
    [
        new("Low/Floor.cs", "Low", "namespace Home.Low; internal static class Floor { public static int Tiles => 1; public static int Double(this int tiles) => 2 * tiles; }"),
        new("Left/West.cs", "Left", "using Home.Low; namespace Home.Left; internal sealed class West { public int Tiles => Floor.Tiles.Double(); }"),
        new("Right/East.cs", "Right", "namespace Home.Right; internal sealed class East { public int Tiles => Low.Floor.Tiles; }"),
        new("Top/Roof.cs", "Top", "using Home.Left; using Home.Right; namespace Home.Top; internal sealed class Roof { public int Tiles => new West().Tiles + new East().Tiles; }"),
    ];

    [Fact]
    public void What_uses_only_folders_before_it_passes() => Assert.Empty(ProjectReview.Faults(Plan, Permitted));

    [Theory]
    [InlineData("public Home.Top.Roof? Above;")]
    [InlineData("public object Above() => new Home.Top.Roof();")]
    [InlineData("public int Above(Home.Top.Roof[] all) => 0;")]
    [InlineData("public System.Type Above => typeof(System.Collections.Generic.List<Home.Top.Roof>);")]
    [InlineData("public string Above => nameof(Home.Top.Roof);")]
    public void What_uses_a_folder_after_it_is_found_and_named(string member)
    {
        var fault = Assert.Single(Review(new SourceFile("Low/Step.cs", "Low", $"namespace Home.Low;\n\ninternal sealed class Step\n{{\n    {member}\n}}\n")));
        Assert.Equal("Low may not use Top: Step (Low/Step.cs, line 5) uses Roof (Top/Roof.cs)", fault);
    }

    [Fact]
    public void A_method_that_is_called_like_a_member_is_a_use() => Assert.Equal(
        "Low may not use Top: Step (Low/Step.cs, line 1) uses More (Top/More.cs)",
        Assert.Single(ProjectReview.Faults(
            Plan with { Public = ["Home"] },
            [
                .. Permitted,
                new("Top/More.cs", "Top", "namespace Home; public static class More { public static int Half(this int tiles) => tiles / 2; }"),
                new("Low/Step.cs", "Low", "namespace Home.Low; internal sealed class Step { public int Tiles => Floor.Tiles.Half(); }"),
            ])));

    [Fact]
    public void The_namespace_of_a_folder_is_a_use_of_it() => Assert.Equal(
        "Low may not use Top: Step.cs (Low/Step.cs, line 1) uses the namespace Home.Top (Top/Roof.cs)",
        Assert.Single(Review(new SourceFile("Low/Step.cs", "Low", "using Home.Top; namespace Home.Low; internal sealed class Step;"))));

    [Theory]
    [InlineData("Left", "West", "Right", "East")]
    [InlineData("Right", "East", "Left", "West")]
    public void Folders_side_by_side_do_not_use_each_other(string user, string other, string used, string type) => Assert.Equal(
        $"{user} may not use {used}: Door ({user}/Door.cs, line 2) uses {type} ({used}/{type}.cs)",
        Assert.Single(Review(new SourceFile($"{user}/Door.cs", user, $"namespace Home.{user};\ninternal sealed class Door {{ {other}? _here; {used}.{type}? _there; }}"))));

    [Fact]
    public void A_public_exception_has_the_base_of_all_and_its_namespace_whatever_its_folder()
    {
        var fallen = new SourceFile("Low/LanyardException.cs", "Low", "namespace Lanyard; public abstract class LanyardException : System.Exception;");
        Assert.Empty(Review(fallen, new SourceFile("Top/Slip.cs", "Top", "namespace Lanyard; public sealed class Slip : LanyardException;"), new SourceFile("Top/Own.cs", "Top", "namespace Home.Top; internal sealed class Own : System.Exception;")));
        Assert.Equal(
            ["Slip (Top/Slip.cs) is an exception, and not a LanyardException", "Slip (Top/Slip.cs) is in Home.Top, and not in Lanyard with all exceptions"],
            Review(fallen, new SourceFile("Top/Slip.cs", "Top", "namespace Home.Top; public sealed class Slip : System.InvalidOperationException;")));
    }

    [Fact]
    public void What_comments_mention_is_no_use() => Assert.Empty(Review(
        new SourceFile("Low/Step.cs", "Low", "namespace Home.Low; /// <summary>Below <see cref=\"Home.Top.Roof\"/>.</summary>\ninternal sealed class Step; // Roof")));

    [Fact]
    public void A_folder_belongs_to_the_one_around_it_unless_it_is_listed()
    {
        SourceFile[] files = [.. Permitted, new("Low/Cellar/Step.cs", "Low/Cellar", "namespace Home.Low.Cellar; internal sealed class Step { public int Tiles => Floor.Tiles; }")];
        Assert.Empty(ProjectReview.Faults(Plan, files));
        Assert.Equal(
            "Low/Cellar may not use Low: Step (Low/Cellar/Step.cs, line 1) uses Floor (Low/Floor.cs)",
            Assert.Single(ProjectReview.Faults(Plan with { Line = ["Low/Cellar", .. Plan.Line] }, files)));
    }

    [Fact]
    public void A_folder_has_a_line_of_its_own_within()
    {
        var plan = Plan with { Within = new Dictionary<string, IReadOnlyList<string>> { ["Low"] = [".", "Cellar | Well"] } };
        SourceFile[] files =
        [
            .. Permitted,
            new("Low/Cellar/Step.cs", "Low/Cellar", "namespace Home.Low.Cellar; internal sealed class Step { public int Tiles => Floor.Tiles; }"),
            new("Low/Well/Rope.cs", "Low/Well", "namespace Home.Low.Well; internal sealed class Rope { public int Tiles => Floor.Tiles; }"),
        ];
        Assert.Empty(ProjectReview.Faults(plan, files));
        Assert.Equal(
            [
                ". may not use Well of Low: Lid (Low/Lid.cs, line 1) uses Rope (Low/Well/Rope.cs)",
                "Well may not use Cellar of Low: Bucket (Low/Well/Bucket.cs, line 1) uses Step (Low/Cellar/Step.cs)",
            ],
            ProjectReview.Faults(plan,
            [
                .. files,
                new("Low/Lid.cs", "Low", "namespace Home.Low; internal sealed class Lid { Well.Rope? _rope; }"),
                new("Low/Well/Bucket.cs", "Low/Well", "namespace Home.Low.Well; internal sealed class Bucket { Cellar.Step? _step; }"),
            ]));
    }

    [Fact]
    public void A_folder_that_no_list_names_is_found() => Assert.Equal(
        "No list names the folder Yard, where Yard/Gate.cs lies",
        Assert.Single(Review(new SourceFile("Yard/Gate.cs", "Yard", "namespace Home.Yard; internal sealed class Gate;"))));

    [Fact]
    public void A_listed_folder_where_nothing_lies_is_found() => Assert.Equal(
        "The list names the folder Attic, where nothing lies",
        Assert.Single(ProjectReview.Faults(Plan with { Line = [.. Plan.Line, "Attic"] }, Permitted)));

    [Theory]
    [InlineData("Home.Low", "internal sealed class Gate;", "Gate (Top/Gate.cs) is in Home.Low, and not in Home.Top")]
    [InlineData("Home", "internal enum Gate { Shut }", "Gate (Top/Gate.cs) is in Home, and not in Home.Top")]
    [InlineData("Home", "delegate void Gate();", "Gate (Top/Gate.cs) is in Home, and not in Home.Top")]
    [InlineData("Home.Top", "public sealed class Gate;", "Gate (Top/Gate.cs) is in Home.Top, and not in Home or Home.Doors")]
    [InlineData("Home.Doors", "public sealed class Gate;", null)]
    [InlineData("Home.Top", "internal sealed class Gate { public sealed class Bar; }", null)]
    public void A_wrong_namespace_is_found(string space, string type, string? fault) => Assert.Equal(
        fault is null ? [] : [fault],
        ProjectReview.Faults(Plan with { Public = ["Home", "Home.Doors"] }, [.. Permitted, new("Top/Gate.cs", "Top", $"namespace {space}; {type}")]));

    [Fact]
    public void Public_types_have_the_namespace_of_their_folder_where_the_plan_gives_no_other() => Assert.Equal(
        "Gate (Top/Gate.cs) is in Home, and not in Home.Top",
        Assert.Single(Review(new SourceFile("Top/Gate.cs", "Top", "namespace Home; public sealed class Gate;"))));

    [Fact]
    public void Files_of_another_project_have_its_namespaces() =>
        Assert.Empty(Review(new SourceFile("Other/Gate.cs", "Low", "namespace Other; internal sealed class Gate;", IsLinked: true)));

    [Fact]
    public void A_name_that_is_not_known_is_found() => Assert.StartsWith(
        "Top/Gate.cs, line 1, does not compile here: CS0246 ",
        Assert.Single(Review(new SourceFile("Top/Gate.cs", "Top", "namespace Home.Top; internal sealed class Gate { Unknown? _unknown; }"))),
        StringComparison.Ordinal);

    private static IReadOnlyList<string> Review(params SourceFile[] files) => ProjectReview.Faults(Plan, [.. Permitted, .. files]);
}
