namespace Lanyard.Tests.Layouts;

/// <summary>The examples of docs/notation.md, element by element.</summary>
public sealed class WorkedExampleTests
{
    private static readonly string[] Page = DocPage.Lines("notation.md");

    public static TheoryData<string> Titles => [.. WorkedExample.Read(Page).Select(example => example.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void Every_element_lies_where_the_page_says(string title)
    {
        var example = WorkedExample.Read(Page).Single(example => example.Title == title);
        var mistakes = example.Mistakes().ToArray();
        Assert.True(mistakes.Length == 0, string.Join(Environment.NewLine, mistakes));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void Every_example_shows_something_of_every_source(string title)
    {
        var example = WorkedExample.Read(Page).Single(example => example.Title == title);
        var shown = example.Shown().ToHashSet();
        var plan = example.Resolve();
        for (var source = 0; source < example.Sources.Length; source++)
            Assert.Contains(plan.Tensors, tensor => tensor.SourceIndex == source && shown.Contains(tensor.Name));
        Assert.True(example.Elements.Length > 1, "One element says little.");
        Assert.Equal(plan.HasPadding, shown.Contains("zero"));
    }

    [Fact]
    public void The_table_is_what_the_examples_say() =>
        DocPage.HoldsTable("notation.md", "## Examples", WorkedExample.Read(Page).Select(example => example.Row));
}
