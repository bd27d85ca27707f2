using Lanyard.Generator.Analyzers.Updates;

namespace Lanyard.Generator.Tests.Analyzers.Updates;

public sealed class UncommittedRefitAnalyzerTests
{
    [Theory]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); foreach (var (name, tensor) in updates) refit.Write(name, tensor);")]
    [InlineData("using (var refit = model.{|LANY0050:BeginRefit|}(RefitMode.InPlace)) { refit.Write(updates); }")]
    [InlineData("using (model.{|LANY0050:BeginRefit|}()) { }")]
    [InlineData("var refit = model.{|LANY0050:BeginRefit|}(); try { refit.Write(updates); } finally { refit.Dispose(); }")]
    [InlineData("var refit = model?.{|LANY0050:BeginRefit|}(); refit?.Write(updates);")]
    [InlineData("model.{|LANY0050:BeginRefit|}().Write(updates);")]
    [InlineData("model.{|LANY0050:BeginRefit|}();")]
    [InlineData("_ = model.{|LANY0050:BeginRefit|}();")]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); WriteAll(refit, updates);")]
    [InlineData("using var refit = RefitExtensions.{|LANY0050:BeginRefit|}(model); Local(); void Local() => refit.Write(updates);")]
    [InlineData("RefitSession refit; using (refit = model.{|LANY0050:BeginRefit|}()) refit.Write(updates);")]
    [InlineData("using var refit = {|LANY0050:Begin|}(model); refit.Write(updates);")]
    public Task Fires(string code) => Verify.Analyzer<UncommittedRefitAnalyzer>(Engine(code));

    [Theory]
    [InlineData("using var refit = model.BeginRefit(); refit.Write(updates); refit.Commit();")]
    [InlineData("using (var refit = model.BeginRefit()) { if (updates.Count > 0) _ = refit.Commit(); }")]
    [InlineData("using var refit = model.BeginRefit(); Finish(refit, updates);")]
    [InlineData("using var refit = model.BeginRefit(); Action end = () => refit.Commit(); end();")]
    [InlineData("using var refit = model?.BeginRefit(); refit?.Commit();")]
    [InlineData("_refit = model.BeginRefit();")]
    [InlineData("var refit = model.BeginRefit(); _refit = refit;")]
    [InlineData("_all[0] = model.BeginRefit();")]
    [InlineData("var refit = model.BeginRefit(); Console.WriteLine(refit);")]
    [InlineData("model.BeginRefit().Dispose();")]
    [InlineData("using var refit = model.BeginRefit(); refit.Write(updates); Func<LoadReport> commit = refit.Commit; commit();")]
    [InlineData("using var refit = Begin(model); refit.Write(updates); refit.Commit();")]
    public Task Stays_quiet(string code) => Verify.Analyzer<UncommittedRefitAnalyzer>(Engine(code));

    private static string Engine(string code) => $$"""
        class Engine
        {
            private RefitSession? _refit;
            private readonly RefitSession[] _all = new RefitSession[1];

            public void Refit(IParameterModule model, Dictionary<string, Tensor> updates)
            {
                {{code}}
            }

            private static void WriteAll(RefitSession refit, Dictionary<string, Tensor> updates) { foreach (var (name, tensor) in updates) refit.Write(name, tensor); }

            private static void Finish(RefitSession refit, Dictionary<string, Tensor> updates) { WriteAll(refit, updates); refit.Commit(); }

            public RefitSession Begin(IParameterModule model) => model.BeginRefit();

            public async Task<LoadReport> Later(IParameterModule model, Dictionary<string, Tensor> updates)
            {
                using var refit = model.BeginRefit();
                await Task.Run(() => refit.Write(updates));
                return await Task.Run(refit.Commit);
            }
        }
        """.Replace("Task", "System.Threading.Tasks.Task");
}
