namespace Lanyard.Tests.Loading;

public sealed class MessageTests
{
    [Theory]
    [InlineData("a.0.b a.1.b a.2.b", "a.{0..2}.b")]
    [InlineData("a.0.b a.1.b", "a.{0,1}.b")]
    [InlineData("a.0.b a.2.b a.3.b a.4.b", "a.{0,2..4}.b")]
    [InlineData("a.0.e.0 a.0.e.1 a.1.e.0 a.1.e.1", "a.{0,1}.e.{0,1}")]
    [InlineData("a.0.e.0 a.1.e.0 a.1.e.1", "a.0.e.0 a.1.e.{0,1}")]
    [InlineData("a.0.b a.1.c", "a.0.b a.1.c")]
    [InlineData("x y.10000000000", "x y.10000000000")]
    [InlineData("a.7.b a.07.b", "a.7.b a.07.b")]
    [InlineData("a.00 a.0 a.1", "a.00 a.{0,1}")]
    [InlineData("a.007", "a.007")]
    [InlineData("a.1 a.1 b b", "a.1 b")]
    public void Names_that_differ_in_numbers_fold(string names, string folded) => Assert.Equal(folded, string.Join(' ', NameFolding.Fold(names.Split(' '))));
}
