/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone": "{count, plural, other:# 条较早的消息}未发送：此模型一次读不了更多内容。",
  "leftOut.meter": "开头部分已放不下：模型读取了其 {length} 个 token 中的 {used} 个。",
  "leftOut.summarised": "{count, plural, other:# 条较早的消息}以摘要形式发送：此模型一次读不了更多内容。",
};
