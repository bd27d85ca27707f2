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
    [InlineData("_lost = model.{|LANY0050:BeginRefit|}(); _lost.Write(updates);")]
    [InlineData("var refit = model.{|LANY0050:BeginRefit|}(); _lost = refit;")]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); refit.Write(updates); Action end = () => refit.Commit();")]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); refit.Write(updates); void End() => refit.Commit();")]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); Console.WriteLine($\"{refit}\");")]
    public Task Fires(string code) => Verify.Analyzer<UncommittedRefitAnalyzer>(Engine(code));

    [Theory]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); refit.Write(updates); if (updates.Count > 2) refit.Commit();")]
    [InlineData("using (var refit = model.{|LANY0050:BeginRefit|}()) { refit.Write(updates); if (updates.Count > 2) return; refit.Commit(); }")]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); WriteAll(refit, updates); switch (updates.Count) { case 1: refit.Commit(); break; }")]
    [InlineData("foreach (var (name, tensor) in updates) { using var refit = model.{|LANY0050:BeginRefit|}(); refit.Write(name, tensor); if (name == \"last\") break; refit.Commit(); }")]
    [InlineData("using var refit = model.{|LANY0050:BeginRefit|}(); refit.Write(updates); while (false) refit.Commit();")]
    [InlineData("RefitSession? refit = null; refit = model.{|LANY0050:BeginRefit|}(); refit?.Write(updates); if (updates.Count > 2) refit?.Commit();")]
    public Task Fires_on_a_way_without(string code) => Verify.Analyzer<UncommittedRefitAnalyzer>(Engine(code));

    [Theory]
    [InlineData("using var refit = model.BeginRefit(); refit.Write(updates); if (updates.Count > 2) refit.Commit(); else refit.Dispose();")]
    [InlineData("using var refit = model.BeginRefit(); if (updates.Count == 0) return; refit.Write(updates); refit.Commit();")]
    [InlineData("using var refit = model.BeginRefit(); refit.Write(updates); if (updates.Count > 2) throw new InvalidOperationException(); refit.Commit();")]
    [InlineData("using var refit = model.BeginRefit(); try { refit.Write(updates); refit.Commit(); } catch (LoadException) { }")]
    [InlineData("using var refit = model.BeginRefit(); try { refit.Write(updates); } catch (LoadException) { return; } refit.Commit();")]
    [InlineData("using var refit = model.BeginRefit(); try { refit.Write(updates); } finally { refit.Commit(); }")]
    [InlineData("using var refit = model.BeginRefit(); while (true) { refit.Write(updates); if (updates.Count > 2) { refit.Commit(); break; } }")]
    [InlineData("using var refit = model.BeginRefit(); foreach (var (name, tensor) in updates) refit.Write(name, tensor); refit.Commit();")]
    [InlineData("using var refit = model.BeginRefit(); refit.Write(updates); if (updates.Count > 2) refit.Commit(); else Finish(refit, updates);")]
    [InlineData("using var refit = model.BeginRefit(); Action write = () => refit.Write(updates); write(); if (updates.Count > 2) refit.Commit();")]
    public Task Stays_quiet_where_every_way_ends_it(string code) => Verify.Analyzer<UncommittedRefitAnalyzer>(Engine(code));

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
            private RefitSession? _lost;
            public void End() { _refit?.Commit(); _lost?.Dispose(); }
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
