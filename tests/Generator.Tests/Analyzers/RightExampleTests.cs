extern alias runtime;
extern alias testing;

using System.Reflection;
using runtime::Lanyard;
using testing::Lanyard.Testing;
using TorchSharp;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>What a page shows as right is copied: it loads, refits in both modes and exports to the same bits.</summary>
public sealed class RightExampleTests
{
    public static TheoryData<string> Pages => [.. RulePage.All.Keys.Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_is_right_is_loaded_refitted_and_exported(string id)
    {
        foreach (var example in RulePage.All[id].Examples("Right"))
        {
            using var assembly = new ExampleAssembly(example.Code);
            Assert.True(assembly.Models.Count > 0 || !example.Code.Contains("[ParameterModule]", StringComparison.Ordinal), example.Code);
            foreach (var model in assembly.Models)
            {
                var report = Checked(model);
                Assert.True(report.Sets.Length > 0, $"{report}");
            }
        }
    }

    private static ModelTestReport Checked(Type model) =>
        (ModelTestReport)typeof(RightExampleTests).GetMethod(nameof(Check), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [], null)!;

    private static ModelTestReport Check<TModel>()
        where TModel : torch.nn.Module, IParameterModule =>
        ModelTest.Check(topology => (TModel)ExampleAssembly.Make(typeof(TModel), topology), new ModelTestOptions { SizesMayBeEqual = true });
}
